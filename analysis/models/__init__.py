from analysis.models.media import Document, Recording
from analysis.models.run import Run, WorkerBeat

__all__ = ["Document", "Recording", "Run", "WorkerBeat"]
