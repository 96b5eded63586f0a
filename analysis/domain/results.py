"""A run's stored result, read again."""

from django.core.files.storage import default_storage

from analysis.engine import result as result_file
from analysis.engine.result_types import AnalysisResult
from analysis.models import Run


def load(run: Run) -> AnalysisResult:
    """The run's result; FileNotFoundError when its object is gone, SchemaError when it is read no more."""
    if not run.result_key:
        raise FileNotFoundError(run.pk)  # erased when its time was over
    with default_storage.open(run.result_key) as handle:
        return result_file.from_json(handle.read().decode("utf-8"))
