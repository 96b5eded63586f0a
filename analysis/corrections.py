"""Titles of recordings, corrected at the request of who is in them (`accounts.domain.rights.corrections`)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain import audit
from accounts.domain.rights import corrections
from accounts.domain.rights.corrections import Label
from accounts.models import Subject
from analysis.models import Recording

KIND = "recording"


def connect() -> None:
    """Called once, when the app is ready."""
    corrections.register(KIND, titles, change)


def titles(person: Subject) -> Iterator[Label]:
    for recording in Recording.objects.filter(subject=person):
        yield Label(KIND, recording.pk, _("Title of a recording"), recording.title)


def change(label: Label, text: str) -> None:
    recording = Recording.objects.get(pk=label.object_id)
    recording.title = text
    recording.save(update_fields=["title"])
    audit.record(AuditAction.RECORDING_RENAMED, recording)
