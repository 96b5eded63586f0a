"""A platform admin has a failed run's recording analysed again, without a way to what it shows."""

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.actor import acting
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.quotas import lock
from accounts.domain.staff import staff_actor
from accounts.enums import OrganisationState
from accounts.models import User
from analysis.domain.work import runs
from analysis.enums import RunState
from analysis.models import Run
from echodepth.errors import UserError
from echodepth.tenancy import tenant


@transaction.atomic
def run_again(user: User, organisation_id: UUID, run_id: UUID) -> Run:
    """A new run of the same recording with the same mark, requested by the platform's person.

    The failed run stays as it is; that the person asked stands in the organisation's audit trail. Raises
    Http404 where there is no such run, UserError `run_not_failed`, `organisation_closed`, or `run_unfinished`
    where somebody was quicker.
    """
    with tenant(organisation_id):
        run = Run.objects.select_related("recording__subject").filter(pk=run_id).first()
        if run is None:
            raise Http404
        organisation = lock(organisation_id)
        if organisation.state == OrganisationState.CLOSED:
            raise UserError(
                "organisation_closed", _("This organisation is closed; nothing is done in it."), 409
            )
        if run.state != RunState.FAILED:
            raise UserError("run_not_failed", _("This run has not failed. Load the page again."), 409)
        with acting(staff_actor(user, organisation)):
            new = runs.request(run.recording, None, run.media_facts, run.neutral)
            record(AuditAction.RUN_RETRIED, run, error=run.error_code, new_run=str(new.pk))
    return new
