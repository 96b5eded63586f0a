"""`python -m analysis.confined`: one call, started and listened to by `supervise`."""

from analysis.confined.child import main

main()
