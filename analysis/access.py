"""The way from an address to a recording, run or document of the organisation in scope.

What is being erased is not there any more, whoever asks.
"""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.db.models.functions import Now
from django.http import Http404

from accounts.models import User
from analysis.domain.listing import latest_run
from analysis.domain.sight import in_sight
from analysis.models import Document, Recording, Run, Upload

M = TypeVar("M", bound=Model)


def access_recording(recording_id: UUID) -> tuple[Recording, Run]:
    """The recording with project and subject, and its latest run; Http404 where there is none."""
    rows = Recording.objects.select_related("project", "subject", "uploaded_by")
    recording: Recording = _found(in_sight(rows), recording_id)
    return recording, latest_run(recording)


def access_document(document_id: UUID) -> Document:
    """The document with its project; Http404 where there is none."""
    document: Document = _found(in_sight(Document.objects.select_related("project")), document_id)
    return document


def access_run(run_id: UUID) -> Run:
    """The run with its recording and project; Http404 where there is none."""
    rows = Run.objects.select_related("recording__project", "recording__subject")
    run: Run = _found(in_sight(rows, "recording__"), run_id)
    return run


def access_upload(upload_id: UUID) -> Upload:
    """The upload with its project, sender and recording, before it expires; Http404 where there is none."""
    rows = Upload.objects.select_related("project", "created_by", "recording")
    live = rows.filter(expires_at__gt=Now())
    upload: Upload = _found(live, upload_id)
    return upload


def access_own_upload(upload_id: UUID, user: User) -> Upload:
    """As `access_upload`, of what this person announced; everybody else's is not there."""
    upload = access_upload(upload_id)
    if upload.created_by_id != user.pk:
        raise Http404
    return upload


def _found(among: "QuerySet[M]", key: UUID) -> M:
    found = among.filter(pk=key).first()
    if found is None:
        raise Http404
    return found
