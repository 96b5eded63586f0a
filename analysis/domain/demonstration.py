"""The recording that the demonstration begins with."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from accounts.models import Project, Subject, User
from analysis.domain.uploads import receive_recording
from analysis.models import Recording

FOLDER = Path(__file__).parents[1] / "demonstration"
"""Rendered by `python -m analysis.training demo`; its truth, frame by frame, is beside it."""
RECORDING = FOLDER / "recording.mp4"
_FILE_NAME = "demonstration.mp4"


def load(project: Project, owner: User) -> Recording:
    """Give the project the recording, as if the owner had uploaded it, of the project's first subject."""
    upload = SimpleUploadedFile(_FILE_NAME, RECORDING.read_bytes(), "video/mp4")
    subject = Subject.objects.filter(project=project).order_by("created_at").first()
    label = subject.label if subject else ""
    return receive_recording(upload, project, owner, _("Demonstration recording"), label)
