"""A prospect becomes a customer: an organisation on trial, its owner invited, the sample already inside."""

from contextlib import ExitStack
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain import audit, tenants
from accounts.domain.invitations import send_invitation
from accounts.domain.people import person_of
from accounts.domain.tenants import Quotas
from accounts.enums import ErasureState, PlatformRole
from accounts.models import Erasure, Organisation, User
from analysis.enums import RunState
from analysis.models import Run, TrackAssignment
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.samples import copying, ending, opening, stages, states, trail
from reports.enums import SampleStage, SampleState
from reports.models import SampleRequest

TRIAL_DAYS = 30
TRIAL = Quotas(members=5, recordings=20, size=5 * 10**9)
"""What an organisation on trial may hold."""


def convert(sample: SampleRequest, user: User, owner_email: str) -> Organisation:
    """Make the organisation of a prospect whose report is signed, and mail its owner the invitation.

    In the desk's scope, where the sample stays until its day. All of it or nothing: also where the mail
    server takes no mail (OSError). Raises UserError `sample_not_signed`, `sample_state_differs`,
    `sample_being_erased`, `owner_not_prospect`, `owner_is_staff`, `storage_unavailable`, and what
    `accounts.domain.invitations.invite` raises.
    """
    with ExitStack() as undo:
        with transaction.atomic():
            made = _convert(sample, user, owner_email, undo)
        undo.pop_all()
    return made


def _convert(sample: SampleRequest, user: User, owner_email: str, undo: ExitStack) -> Organisation:
    locked: SampleRequest = (
        SampleRequest.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=sample.pk)
    )
    run = _signed(locked)
    _refuse_erased(run)
    _check_owner(locked, user, owner_email)
    contents = copying.read(locked, run)
    name = locked.company or locked.name or locked.reference
    made, issued = tenants.make(user, name, locked.organisation.time_zone, owner_email)
    tenants.set_quotas(user, made.pk, TRIAL)
    with tenant(made.pk):
        made.refresh_from_db()
        made.trial_until = stages.today(made) + timedelta(days=TRIAL_DAYS)
        made.save(update_fields=["trial_until"])
        _write(contents, made, undo)
        audit.record(AuditAction.SAMPLE_CONVERTED)
    ended = {} if locked.state == SampleState.DELIVERED else ending.terms(locked)
    before = [SampleState.RECEIVED, SampleState.DELIVERED]
    states.change(sample, before, state=SampleState.CONVERTED, became=made.pk, **ended)
    send_invitation(issued)
    trail.record(AuditAction.SAMPLE_CONVERTED, sample, organisation=str(made.pk))
    return made


def _write(contents: copying.Contents, made: Organisation, undo: ExitStack) -> None:
    """What storage refuses is told apart from what the mail server does."""
    try:
        copying.write(contents, made, undo)
    except OSError as error:
        sentence = _("The sample could not be copied, so nothing was done. Try again later.")
        raise UserError("storage_unavailable", sentence, status=503) from error


def _check_owner(sample: SampleRequest, user: User, owner_email: str) -> None:
    """Nobody makes an organisation for themselves: the prospect owns it, unless an admin names another."""
    address = owner_email.strip().lower()
    person = person_of(address)
    if person and person.platform_role != PlatformRole.NONE:
        sentence = _("This address is of somebody who works for the platform, and owns no organisation.")
        raise UserError("owner_is_staff", sentence, status=403)
    is_known = sample.confirmed_at is not None or sample.entered_by_id is not None
    if user.is_platform_admin or (is_known and address == sample.email.strip().lower()):
        return
    sentence = _("Only the prospect's own confirmed address can be invited. For another one, ask an admin.")
    raise UserError("owner_not_prospect", sentence, status=403)


def _refuse_erased(run: Run) -> None:
    """Nothing goes along of which anything is to be erased, also where a legal hold stops that for now."""
    recording = run.recording
    seen = TrackAssignment.objects.filter(recording=recording).values_list("subject", flat=True)
    people = [one for one in (recording.subject_id, *seen) if one]
    things = [run.pk, recording.pk, recording.project_id, *people]
    if Erasure.objects.filter(object_id__in=things).exclude(state=ErasureState.DONE).exists():
        sentence = _("Something of this sample is to be erased, so it cannot go along.")
        raise UserError("sample_being_erased", sentence, status=409)


def _signed(sample: SampleRequest) -> Run:
    """Of its latest analysis: what was signed before a newer draft does not go along."""
    if sample.state not in (SampleState.RECEIVED, SampleState.DELIVERED):
        raise states.differs()
    run = opening.signed_run(sample)
    waits = sample.state == SampleState.RECEIVED and stages.current(sample) != SampleStage.TO_DELIVER
    if run is None or waits or run != _latest(sample):
        sentence = _("There is no signed report yet. Have it reviewed and signed; then it can go along.")
        raise UserError("sample_not_signed", sentence, status=409)
    return run


def _latest(sample: SampleRequest) -> Run | None:
    """Of those that came, or may still come, to a result."""
    runs = Run.objects.filter(recording=sample.recording_id)
    left = runs.exclude(state__in=[RunState.FAILED, RunState.CANCELLED])
    found: Run | None = left.order_by("-requested_at", "-pk").first()
    return found
