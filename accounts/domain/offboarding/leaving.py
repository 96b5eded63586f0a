"""The end of an organisation: its owner has all of it erased, and keeps a link to the certificate.

The link is signed and leads to nothing personal: how far the erasure is, and then its certificate. It works
without an account, because there is none left then.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.erasure import certificates, erasures
from accounts.domain.invitations import absolute
from accounts.domain.offboarding.exports import current
from accounts.domain.offboarding.steps import KIND
from accounts.domain.quotas import lock
from accounts.domain.retention.holds import in_force
from accounts.domain.staff import end_sessions
from accounts.enums import ErasureReason, ErasureState, OffboardingState, OrganisationState
from accounts.models import AuditRecord, Certificate, Erasure, Offboarding, Organisation
from echodepth.errors import UserError
from echodepth.tenancy import tenant

SALT = "echodepth.leaving"
FRESH = timedelta(hours=24)
"""How old an export may be at most: what was added since is lost."""


def holds() -> int:
    """Legal holds that stand in the organisation in scope: with one of them it cannot be erased."""
    return in_force().count()


@transaction.atomic
def leave(actor: Actor, typed_name: str) -> Erasure:
    """Shut the organisation and begin to erase all of it, for good; inside its scope.

    Raises UserError `name_differs`, `export_not_ready`, `export_outdated`, `export_not_taken`, `legal_hold`,
    or `organisation_leaving` where it was begun before.
    """
    organisation = lock(actor.organisation.pk)
    _check(organisation, typed_name)
    erasure = erasures.request(
        ErasureReason.OFFBOARDING, KIND, organisation.pk, organisation.pk, asked_by=actor.user
    )
    row = current()
    if row:
        row.erasure = erasure
        row.save(update_fields=["erasure"])
    end_sessions()
    organisation.state = OrganisationState.SUSPENDED
    organisation.state_reason = _("It has left; what it had is being erased.")
    organisation.state_changed_at = timezone.now()
    organisation.save(update_fields=["state", "state_reason", "state_changed_at"])
    record(AuditAction.OFFBOARDING_BEGUN, organisation, export=False)
    return erasure


def _check(organisation: Organisation, typed_name: str) -> None:
    if typed_name.strip() != organisation.name:
        raise UserError("name_differs", _("Type the organisation's name exactly as it is shown."), 400)
    row = current()
    if row and row.erasure_id:
        raise UserError("organisation_leaving", _("The organisation is being erased already."), 409)
    if row is None or row.state != OffboardingState.READY:
        raise UserError("export_not_ready", _("Put everything together first, and download it."), status=409)
    _check_export(row)
    if holds():
        raise UserError("legal_hold", _("A legal hold stands in the way. Release it first."), status=409)


def _check_export(row: Offboarding) -> None:
    """Raises UserError where what was taken along is not all, or not all that there is by now."""
    if age(row) > FRESH:
        sentence = _("These files are more than a day old. Put everything together again, and download it.")
        raise UserError("export_outdated", sentence, status=409)
    lines = AuditRecord.objects.filter(action=AuditAction.OFFBOARDING_TAKEN, at__gte=row.asked_at)
    taken = {facts.get("part") for facts in lines.values_list("facts", flat=True)}
    left = sorted(set(row.parts.values_list("number", flat=True)) - taken)
    if left:
        told = _("Download every file first. Not downloaded yet: %(parts)s.")
        raise UserError("export_not_taken", told % {"parts": ", ".join(map(str, left))}, status=409)


def age(row: Offboarding) -> timedelta:
    """Of an export that is ready."""
    return timezone.now() - (row.ready_at or row.asked_at)


def obstacle(row: Offboarding) -> str:
    """Why an export that is ready is not enough for leaving; empty where it is."""
    try:
        _check_export(row)
    except UserError as error:
        return str(error.sentence)
    return ""


def receipt(erasure: Erasure) -> str:
    """Path of the page that tells how far the erasure is, and gives its certificate."""
    token = signing.Signer(salt=SALT).sign_object([erasure.organisation_id.hex, erasure.pk.hex])
    return reverse("left", args=[token])


def send_receipt(erasure: Erasure, email: str) -> None:
    """Raises OSError when the mail server does not take it."""
    context = {"link": absolute(receipt(erasure))}
    subject = " ".join(render_to_string("accounts/mail/left_subject.txt", context).split())
    send_mail(subject, render_to_string("accounts/mail/left.txt", context), None, [email])


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a link tells; nothing of it is personal."""

    erasure: Erasure
    things: int
    """That were erased so far."""
    certificate: Certificate | None

    @property
    def is_done(self) -> bool:
        return self.erasure.state == ErasureState.DONE and self.certificate is not None


def read_receipt(token: str) -> Receipt:
    """Raises Http404 for what we never signed."""
    try:
        organisation_id, erasure_id = (UUID(one) for one in signing.Signer(salt=SALT).unsign_object(token))
    except signing.BadSignature:
        raise Http404 from None
    with tenant(organisation_id):
        erasure = Erasure.objects.filter(pk=erasure_id).first()
        if erasure is None:
            raise Http404
        certificate = Certificate.objects.filter(erasure=erasure).first()
        return Receipt(erasure, erasure.things.count(), certificate)


def certificate_file(certificate: Certificate) -> dict[str, object]:
    """As it is handed out."""
    return certificates.document(certificate)
