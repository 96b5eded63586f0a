"""What is said about a track once its Action Units are known."""
