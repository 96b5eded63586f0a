"""Why the face networks cannot be prepared: stable codes and facts, as in `analysis.engine.errors`."""

from typing import ClassVar


class PreparationError(Exception):
    """The networks could not be prepared; `code` never changes once published."""

    code: ClassVar[str] = "models_not_prepared"

    def __init__(self, **facts: object) -> None:
        super().__init__(f"{self.code} {facts}")
        self.facts = facts


class ModelsUnreachableError(PreparationError):
    """The wheel could not be fetched. Facts: `wheel`, `reason` (the package client's last words)."""

    code = "models_unreachable"


class DownloadMismatchError(PreparationError):
    """What was fetched is not what is pinned. Facts: `name`, `expected`, `found` (SHA-256)."""

    code = "models_download_mismatch"


class ConversionMismatchError(PreparationError):
    """The converter's output is not what is pinned. Facts: `name`."""

    code = "models_conversion_mismatch"


class UnsupportedModelError(PreparationError):
    """A network uses something the converter does not know. Facts: `what`."""

    code = "models_not_convertible"
