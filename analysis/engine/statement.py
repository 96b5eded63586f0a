"""What stands beside every number of a result, wherever it goes."""

STATEMENT = "Describes displays of the face. No decision about a person may rest on it alone."
"""One line without commas and quotation marks, so that a CSV can hold it as it stands."""
