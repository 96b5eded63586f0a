"""Why a file cannot be analysed: a stable code, and facts to fill into a sentence.

The sentence a person reads is written at the border (`analysis/messages.py`), so the
engine needs no translations.
"""

from typing import ClassVar


class EngineError(Exception):
    """The engine refuses or cannot go on; `code` never changes once published."""

    code: ClassVar[str] = "engine_error"

    def __init__(self, **facts: object) -> None:
        super().__init__(f"{self.code} {facts}" if facts else self.code)
        self.facts = facts


class EmptyFileError(EngineError):
    """The file has no bytes."""

    code = "empty_file"


class UnreadableError(EngineError):
    """No container the decoder knows, or one it cannot open."""

    code = "unreadable"


class NoVideoStreamError(EngineError):
    """A media file without moving pictures (sound only, for example)."""

    code = "no_video_stream"


class UnsupportedCodecError(EngineError):
    """There is no decoder for the pictures."""

    code = "unsupported_codec"


class NoFramesError(EngineError):
    """A video stream from which not one frame could be decoded."""

    code = "no_frames"


class TooLongError(EngineError):
    """Facts: `seconds` (as known when refused) and `limit`."""

    code = "too_long"


class TooLargeError(EngineError):
    """Facts: `width`, `height` (pixels) and `limit` (longest side)."""

    code = "picture_too_large"


class ModelsMissingError(EngineError):
    """A face model was not prepared, or a file of the built-in model is gone. Facts: `folder`."""

    code = "models_missing"


class ModelMismatchError(EngineError):
    """A model file's SHA-256 is not the pinned one. Facts: `name`."""

    code = "model_mismatch"


class NeutralUnusableError(EngineError):
    """No usable frame where a neutral face was said to be. Facts: `start` and `end` of the marked stretch."""

    code = "neutral_unusable"


class NeutralOfOtherModelError(EngineError):
    """An earlier recording's neutral was made by another Action Unit model. Facts: our `name`, `version`."""

    code = "neutral_of_other_model"


class CancelledError(EngineError):
    """The caller's progress function asked to stop."""

    code = "cancelled"
