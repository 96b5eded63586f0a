"""Why a head cannot be posed or rendered here."""


class TrainingError(Exception):
    """The message is for the person at the terminal."""


class RigMissingError(TrainingError):
    """The head model's file is not there."""


class CompilerMissingError(TrainingError):
    """There is no C compiler, or it refused the renderer."""
