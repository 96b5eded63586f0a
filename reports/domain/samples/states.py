"""One step from state to state: one conditional UPDATE, so that of two people who act, one is told."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from echodepth.errors import UserError
from reports.enums import SampleState
from reports.models import SampleRequest

WAITING = (SampleState.UNCONFIRMED, SampleState.OPEN)
"""Nothing is promised yet."""
CURRENT = (*WAITING, SampleState.RECEIVED, SampleState.ASKED)
"""Not over: the desk or the prospect has something to do."""
PROVED = (SampleState.OPEN, SampleState.RECEIVED, SampleState.ASKED)
"""Of these, to which the prospect, or staff in their place, said yes: mail may be written to them."""
ENDED = (SampleState.DELIVERED, SampleState.DECLINED)
"""Over, and kept for a while."""


def change(sample: SampleRequest, before: Collection[SampleState], **changes: Any) -> None:
    """Write the changes if the request stands in one of the states, to the row and to `sample`.

    In the scope of the desk. Raises UserError `sample_state_differs`, also where it is being erased.
    """
    mine = SampleRequest.objects.filter(pk=sample.pk, state__in=before, erasure=None, erased_at=None)
    if not mine.update(**changes):
        raise differs()
    for name, value in changes.items():
        setattr(sample, name, value)


def differs() -> UserError:
    sentence = _("This request is not as it was when you opened it. Load the page again to see what is next.")
    return UserError("sample_state_differs", sentence, status=409)
