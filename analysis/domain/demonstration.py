"""The recording that the demonstration begins with."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from accounts.domain.lawful import declarations
from accounts.enums import SubjectRole
from accounts.models import Project, Subject, User
from analysis.domain.intake.uploads import receive_recording
from analysis.models import Recording

FOLDER = Path(__file__).parents[1] / "demonstration"
"""Rendered by `python -m analysis.training demo`; its truth, frame by frame, is beside it."""
RECORDING = FOLDER / "recording.mp4"
_FILE_NAME = "demonstration.mp4"


def load(project: Project, owner: User | None) -> Recording:
    """Give the project the recording, as if its owner, if it has one, had uploaded it: of its first subject.

    The project is declared first, unless somebody did: its person is rendered, so nobody is asked.
    """
    if declarations.current(project) is None:
        declarations.declare(
            project,
            owner,
            purpose="rendered_people",
            setting="demonstration",
            region="other",
            people=[SubjectRole.SPEAKER],
            details=_("The person in the demonstration recording is rendered by a computer."),
        )
    upload = SimpleUploadedFile(_FILE_NAME, RECORDING.read_bytes(), "video/mp4")
    subject = Subject.objects.filter(project=project).order_by("created_at").first()
    label = subject.label if subject else ""
    return receive_recording(upload, project, owner, _("Demonstration recording"), label)
