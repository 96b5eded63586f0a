"""What a confined call raises beside the engine's own errors."""

from enum import StrEnum

from analysis.engine.errors import EngineError


class Reason(StrEnum):
    """Why a child gave no answer."""

    CRASH = "crash"
    MEMORY = "memory"
    TIME = "time"
    OUTPUT = "output"
    """It said what no child of ours says, or too much, or wrote a larger file than there can be."""


class DecoderFailedError(EngineError):
    """The child crashed, or had to be ended. Facts: `reason`, a `Reason`."""

    code = "decoder_failed"
