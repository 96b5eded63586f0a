"""The way from an address to a recording, run or document of the organisation in scope."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404

from analysis.domain.listing import latest_run
from analysis.models import Document, Recording, Run

M = TypeVar("M", bound=Model)


def access_recording(recording_id: UUID) -> tuple[Recording, Run]:
    """The recording with project and subject, and its latest run; Http404 where there is none."""
    recording: Recording = _found(
        Recording.objects.select_related("project", "subject", "uploaded_by"), recording_id
    )
    return recording, latest_run(recording)


def access_document(document_id: UUID) -> Document:
    """The document with its project; Http404 where there is none."""
    document: Document = _found(Document.objects.select_related("project"), document_id)
    return document


def access_run(run_id: UUID) -> Run:
    """The run with its recording and project; Http404 where there is none."""
    run: Run = _found(Run.objects.select_related("recording__project", "recording__subject"), run_id)
    return run


def _found(among: "QuerySet[M]", key: UUID) -> M:
    found = among.filter(pk=key).first()
    if found is None:
        raise Http404
    return found
