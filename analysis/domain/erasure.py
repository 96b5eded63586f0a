"""Erasing recordings and documents: asked for by a member, done by a worker (`analysis.erasers`).

From the moment it is asked for, what is to go is shown to nobody and no worker analyses it.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import current_actor
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.erasure import erasures
from accounts.enums import ErasureReason
from accounts.models import Erasure
from analysis.domain.work import runs
from analysis.models import Document, Recording
from echodepth.errors import UserError


def erase_recording(recording: Recording) -> Erasure:
    """Stop the recording's analysis, and have its media, results, reports and all their rows erased.

    Raises UserError `legal_hold`.
    """
    with transaction.atomic():
        erasure = _request("recording", recording)
        for run in recording.runs.all():
            runs.cancel(run.pk)
        record(AuditAction.RECORDING_DELETED, recording)
    return erasure


def erase_document(document: Document) -> Erasure:
    """Have the document's file and row erased. Raises UserError `legal_hold`."""
    with transaction.atomic():
        erasure = _request("document", document)
        record(AuditAction.DOCUMENT_DELETED, document)
    return erasure


def _request(kind: str, thing: Recording | Document) -> Erasure:
    if erasures.is_held(kind, thing.pk):
        sentence = _("This cannot be erased: a legal hold forbids it. Who manages retention may release it.")
        raise UserError("legal_hold", sentence, status=409)
    actor = current_actor()
    return erasures.request(
        ErasureReason.MEMBER,
        kind,
        thing.pk,
        thing.organisation_id,
        asked_by=actor.user if actor else None,
    )
