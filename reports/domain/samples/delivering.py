"""Delivering the signed report, or the answer to a document: by a link that expires and a code."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from echodepth.errors import UserError
from reports.domain.samples import ending, links, mails, opening, stages, states, trail
from reports.enums import SampleStage, SampleState
from reports.models import SampleRequest

OPEN_DAYS = 14
"""So long the report can be opened at the link."""


@transaction.atomic
def deliver(sample: SampleRequest) -> None:
    """Mail the link at which the report can be opened; in the scope of the desk.

    A document is worked on by hand: its covering note is the answer, and is read in the report's place.

    Raises UserError `sample_by_hand`, `sample_not_signed`, `sample_state_differs`.
    """
    received = SampleRequest.objects.select_for_update().filter(pk=sample.pk, state=SampleState.RECEIVED)
    locked = received.first()
    if locked is None:
        raise states.differs()
    _need_answer(locked)
    now = timezone.now()
    changes = {"state": SampleState.DELIVERED, "delivered_at": now}
    changes |= {"report_until": now + timedelta(days=OPEN_DAYS), **ending.terms(sample)}
    states.change(sample, [SampleState.RECEIVED], **changes)
    by_hand = locked.document_id is not None
    mails.send(sample, "delivered", link=links.address(links.renew(sample)), by_hand=by_hand)
    trail.record(AuditAction.SAMPLE_DELIVERED, sample)


def _need_answer(sample: SampleRequest) -> None:
    """Its latest analysis, not an earlier one, has to be signed; to a document, there has to be an answer."""
    stage = stages.current(sample)
    if stage == SampleStage.BY_HAND and sample.document_id is not None:
        if not sample.note.strip():
            sentence = _(
                "There is no answer to this document yet. Write it as the covering note, which the prospect "
                "reads in the place of a report; then deliver it."
            )
            raise UserError("sample_by_hand", sentence, status=409)
        return
    if stage != SampleStage.TO_DELIVER or opening.signed_run(sample) is None:
        sentence = _("There is no signed report yet. Have it reviewed and signed, then deliver it.")
        raise UserError("sample_not_signed", sentence, status=409)
