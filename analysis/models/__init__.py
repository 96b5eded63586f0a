from analysis.models.assignment import TrackAssignment
from analysis.models.cohort import CohortCalibration
from analysis.models.media import Document, Recording
from analysis.models.run import Run, Segment, WorkerBeat
from analysis.models.subject_neutral import SubjectNeutral
from analysis.models.upload import Upload

__all__ = [
    "CohortCalibration",
    "Document",
    "Recording",
    "Run",
    "Segment",
    "SubjectNeutral",
    "TrackAssignment",
    "Upload",
    "WorkerBeat",
]
