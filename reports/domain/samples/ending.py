"""How a request ends: everything of it is erased, with a certificate; then what names the prospect goes.

The row stays, for figures and for the certificate at the link; of one that was never confirmed nothing does.
Begun and gone on with by the sweep, so that whatever breaks off is taken up again.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import doors
from accounts.audit_actions import AuditAction
from accounts.domain.erasure import erasures
from accounts.enums import ErasureReason, ErasureState
from accounts.models import Erasure, Organisation
from analysis.domain.work import leases
from analysis.models import Document, Recording
from echodepth.tenancy import tenant
from reports.domain.samples import links, mails, receiving, stages, states, trail
from reports.enums import SampleState
from reports.models import SampleRequest

logger = logging.getLogger(__name__)

KEPT_DAYS = 30
"""Days after which everything of a delivered or declined request is erased."""
FILE_DAYS = 30
"""A confirmed request to which no file came for so long is ended, and one whose question nobody answered."""
MAIL_TRIED = timedelta(days=1)
"""So long after the erasure its mail is tried again where the mail server takes none."""
OVER = (*states.ENDED, SampleState.WITHDRAWN, SampleState.CONVERTED)
BLANK: dict[str, Any] = dict.fromkeys(
    ("name", "email", "company", "wish", "question", "answer", "note", "reason", "code_hash"), ""
) | {"tags": [], "code_until": None}


def terms(sample: SampleRequest, days: int = KEPT_DAYS) -> dict[str, Any]:
    """What is written down of a request that ends now: the moment, and the day on which it is erased."""
    day = stages.today(sample.organisation) + timedelta(days=days)
    return {"ended_at": timezone.now(), "erase_on": day, "paused_at": None}


def erase(sample: SampleRequest, reason: ErasureReason = ErasureReason.POLICY) -> Erasure | None:
    """Ask for everything of it to be erased, in the scope of the desk and the caller's transaction.

    The certificate says the reason: REQUEST is for the prospect's own wish alone.
    """
    if sample.project_id is None:
        return None
    erasure = erasures.request(reason, "project", sample.project_id, sample.organisation_id)
    sample.erasure = erasure.pk
    sample.save(update_fields=["erasure"])
    return erasure


def sweep() -> int:
    """End what nobody confirmed, begin erasures that are due, and finish those that are done; how many."""
    return sum(_of_desk(organisation_id) for organisation_id, _slug in doors.DESK_KEPT.open())


def _of_desk(organisation_id: UUID) -> int:
    with tenant(organisation_id):
        today = stages.today(Organisation.objects.get(pk=organisation_id))
        rows = SampleRequest.objects.filter(erased_at=None).select_related("organisation").order_by("pk")
        done = Erasure.objects.filter(state=ErasureState.DONE, kind="project").values("pk")
        return sum(
            _each(list(rows.filter(due)), deal)
            for due, deal in (
                (_with_file(), _settle),
                (_forgotten(), _give_up),
                (Q(state__in=OVER, erasure=None, erase_on__lte=today), _begin),
                (Q(erasure__in=done), _finish),
            )
        )


def _with_file() -> Q:
    """Its file is there though nothing says so: staff put it into the project, or receiving it broke off."""
    recordings, documents = (
        Exists(model.objects.filter(project=OuterRef("project"))) for model in (Recording, Document)
    )
    return Q(recordings | documents, state=SampleState.OPEN)


def _forgotten() -> Q:
    """Never confirmed, without the file that was to come, or without the answer."""
    now = timezone.now()
    unconfirmed = Q(
        state=SampleState.UNCONFIRMED, created_at__lt=now - timedelta(hours=links.CONFIRMED_WITHIN_HOURS)
    )
    long_ago = now - timedelta(days=FILE_DAYS)
    without_file = Q(state=SampleState.OPEN, created_at__lt=long_ago)
    return unconfirmed | without_file | Q(state=SampleState.ASKED, paused_at__lt=long_ago)


def _each(samples: list[SampleRequest], deal: Callable[[SampleRequest], bool]) -> int:
    """Deal with each by itself: what is wrong with one keeps no other from its end."""
    dealt = 0
    for sample in samples:
        try:
            with transaction.atomic():
                dealt += deal(sample)
        except leases.AWAY:
            raise
        except OSError as error:
            logger.warning("sample %s: its mail was not taken: %s", sample.pk, error)
        except Exception:
            logger.exception("sample %s: a sweep could not deal with it", sample.pk)
    return dealt


def _settle(sample: SampleRequest) -> bool:
    receiving.settle(sample)
    return sample.state == SampleState.RECEIVED


def _give_up(sample: SampleRequest) -> bool:
    before = [SampleState(sample.state)]
    states.change(sample, before, state=SampleState.WITHDRAWN, **terms(sample, days=0))
    trail.record(AuditAction.SAMPLE_ENDED, sample, state=str(SampleState.WITHDRAWN), forgotten=True)
    return erase(sample) is not None


def _begin(sample: SampleRequest) -> bool:
    """One without a project has nothing to erase but its row; of one that somebody else ends, nothing."""
    rows = SampleRequest.objects.select_for_update()
    locked = rows.filter(pk=sample.pk, erasure=None, erased_at=None, state__in=OVER).first()
    return locked is not None and (erase(locked) is not None or _blank(locked))


def _finish(sample: SampleRequest) -> bool:
    """Tell the prospect where the certificate is, then forget who that was.

    Where the mail server takes nothing this is tried again for a while; then it goes without a mail.
    """
    if sample.confirmed_at is None and sample.entered_by_id is None:
        return bool(SampleRequest.objects.filter(pk=sample.pk, erased_at=None).delete()[0])
    address = sample.email
    if not _blank(sample):
        return False
    try:
        with transaction.atomic():
            mails.send(sample, "erased", to=address, link=links.address(links.renew(sample)))
    except OSError:
        finished = Erasure.objects.values_list("finished_at", flat=True).get(pk=str(sample.erasure))
        if finished is None or finished > timezone.now() - MAIL_TRIED:
            raise
        logger.exception("sample %s: its certificate could not be mailed", sample.pk)
    return True


def _blank(sample: SampleRequest) -> bool:
    """False where another sweep was quicker."""
    mine = SampleRequest.objects.filter(pk=sample.pk, erased_at=None)
    return bool(mine.update(erased_at=timezone.now(), **BLANK))
