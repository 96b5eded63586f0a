"""Organisations that prospects became, and that nobody took: everything in them is erased after the trial.

Asked for as by an owner who leaves (`accounts.domain.offboarding.leaving`): the organisation is shut, and all
of it goes, with a certificate.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import doors
from accounts.domain.erasure import erasures
from accounts.domain.offboarding.steps import KIND
from accounts.domain.quotas import lock
from accounts.domain.tenants import has_owner
from accounts.enums import ErasureReason, OrganisationState, Role
from accounts.models import Erasure, Invitation, Organisation
from analysis.domain.work import leases
from echodepth.tenancy import tenant
from reports.domain.samples.converting import TRIAL_DAYS
from reports.models import SampleRequest

logger = logging.getLogger(__name__)

LOOK_EVERY = 600
"""Seconds; sweeps come every few of them, and nothing here is due to the minute."""
LOOKED = "samples.unaccepted"


def sweep() -> int:
    """Begin to erase those whose trial is over and that have no owner; how many. Looks now and then."""
    if not cache.add(LOOKED, 1, LOOK_EVERY):
        return 0
    return sum(_each(one) for desk_id, _slug in doors.DESK_KEPT.open() for one in _became(desk_id))


def _became(desk_id: UUID) -> list[UUID]:
    """What was converted long ago, or was delivered long ago and then converted."""
    before = timezone.now() - timedelta(days=TRIAL_DAYS)
    with tenant(desk_id):
        rows = SampleRequest.objects.filter(ended_at__lte=before).exclude(became=None).order_by("pk")
        return [one for one in rows.values_list("became", flat=True) if one]


def _each(organisation_id: UUID) -> bool:
    """What is wrong with one keeps no other."""
    try:
        with tenant(organisation_id), transaction.atomic():
            return _is_due(organisation_id) and _end(lock(organisation_id))
    except leases.AWAY:
        raise
    except Exception:
        logger.exception("organisation %s: a sweep could not end its trial", organisation_id)
        return False


def _is_due(organisation_id: UUID) -> bool:
    """Whether it is still there, and older than a trial."""
    before = timezone.now() - timedelta(days=TRIAL_DAYS)
    there = Organisation.objects.filter(pk=organisation_id, erased_at=None, created_at__lte=before)
    return bool(there.exists())


def _end(organisation: Organisation) -> bool:
    """Its row is locked: nobody accepts at this moment. Who was invited lately may still accept.

    One that an owner did accept is none of ours, whatever became of that owner.
    """
    invited = Invitation.objects.filter(role=Role.OWNER)
    known = Erasure.objects.filter(kind=KIND, object_id=organisation.pk)
    if has_owner(organisation) or known.exists():
        return False
    if invited.usable().exists() or invited.exclude(accepted_at=None).exists():
        return False
    erasures.request(ErasureReason.POLICY, KIND, organisation.pk, organisation.pk)
    organisation.state = OrganisationState.SUSPENDED
    organisation.state_reason = _("Nobody accepted it; what it had is being erased.")
    organisation.state_changed_at = timezone.now()
    organisation.save(update_fields=["state", "state_reason", "state_changed_at"])
    return True
