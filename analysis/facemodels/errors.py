"""Why the face networks cannot be prepared: stable codes, as in `analysis.engine.errors`."""

from analysis.engine.errors import EngineError


class ModelsUnreachableError(EngineError):
    """The wheel could not be fetched. Facts: `wheel`, `reason` (the package client's last words)."""

    code = "models_unreachable"


class DownloadMismatchError(EngineError):
    """What was fetched is not what is pinned. Facts: `name`, `expected`, `found` (SHA-256)."""

    code = "models_download_mismatch"


class UnsupportedModelError(EngineError):
    """A network uses something the converter does not know. Facts: `what`."""

    code = "model_not_convertible"
