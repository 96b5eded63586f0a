"""Clearing storage of what a run's workers left there and its row does not point to.

Spools of segments, and objects of attempts that broke off: whoever made them may have been killed before it
could take them away again. A run says when it is next to be looked at (`Run.tidy_at`): at its end, and once
more when nobody who worked on it can still be about to write.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from analysis.domain import objects
from analysis.domain.work import leases
from analysis.enums import FINAL_STATES, RunState
from analysis.models import Run, Segment

logger = logging.getLogger(__name__)

OVER = FINAL_STATES | {RunState.REPORTING}
"""States in which no worker of the engine has anything more to write."""
AGAIN_AFTER = timedelta(minutes=1)
"""How long a storage that refuses is left in peace."""


def due() -> Q:
    return Q(state__in=OVER, tidy_at__lte=Now())


def tidy(run_id: UUID) -> bool:
    """Clear up after a run that is over; False when it is not, or storage refuses (it is due again then)."""
    run = Run.objects.filter(pk=run_id, state__in=OVER).first()
    if run is None:
        return False
    folder = objects.run_folder(run.organisation_id, run.pk)
    try:
        objects.erase_folder(folder, keep={run.result_key, run.frames_key})
    except OSError:
        logger.warning("run %s: could not clear its storage", run.pk, exc_info=True)
        Run.objects.filter(pk=run.pk).update(tidy_at=Now() + AGAIN_AFTER)
        return False
    Segment.objects.filter(run_id=run.pk).delete()
    row = Run.objects.filter(pk=run.pk)
    if not row.filter(heartbeat_at__gt=Now() - leases.SILENT_AFTER).update(
        tidy_at=Now() + leases.SILENT_AFTER
    ):
        row.update(tidy_at=None)
    return True
