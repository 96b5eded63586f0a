"""A new private link that the desk passes on itself, to a prospect who lost the mail."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from accounts.audit_actions import AuditAction
from reports.domain.samples import links, states, trail
from reports.domain.samples.delivering import OPEN_DAYS
from reports.enums import SampleState
from reports.models import SampleRequest

STATES = tuple(state for state in (*states.CURRENT, *states.ENDED) if state != SampleState.UNCONFIRMED)
"""Not before the address is confirmed: the link proves that the mail arrived there."""


@transaction.atomic
def renew(sample: SampleRequest) -> str:
    """The secret of the new link; the one before is void. A delivered report opens at it for a while again.

    Raises UserError `sample_state_differs`.
    """
    secret, digest = links.new_secret()
    changes: dict[str, Any] = {"token_hash": digest}
    if sample.state == SampleState.DELIVERED:
        states.change(sample, [SampleState.DELIVERED], report_until=_until(sample), **changes)
    else:
        states.change(sample, STATES, **changes)
    trail.record(AuditAction.SAMPLE_CHANGED, sample, changed="link")
    return secret


def _until(sample: SampleRequest) -> datetime:
    """As after a delivery, but not beyond the beginning of the day on which everything is erased."""
    until = timezone.now() + timedelta(days=OPEN_DAYS)
    if sample.erase_on is None:
        return until
    return min(until, datetime.combine(sample.erase_on, time.min, ZoneInfo(sample.organisation.time_zone)))
