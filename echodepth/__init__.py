"""EchoDepth: FACS-standard Action Unit analysis of a recorded speaker."""

__version__ = "0.1.0"
