from analysis.models.cohort import CohortCalibration
from analysis.models.media import Document, Recording
from analysis.models.run import Run, WorkerBeat
from analysis.models.subject_neutral import SubjectNeutral

__all__ = ["CohortCalibration", "Document", "Recording", "Run", "SubjectNeutral", "WorkerBeat"]
