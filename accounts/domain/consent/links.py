"""The person's link: its secret, the mail that brings it, and the way from it to the consent."""

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import doors
from accounts.domain.invitations import absolute, hash_secret
from accounts.models import Consent
from echodepth.errors import UserError
from echodepth.tenancy import tenant

if TYPE_CHECKING:
    from accounts.domain.consent.consents import Issued

SIGNED_WITHIN_DAYS = 30
"""A link can be signed for so long; what was signed can be read and withdrawn there at any time."""


def new_secret() -> tuple[str, dict[str, object]]:
    """A link's secret of 256 bits, and what is stored of it."""
    secret = secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(days=SIGNED_WITHIN_DAYS)
    return secret, {"token_hash": hash_secret(secret), "link_expires_at": expires}


def is_over(consent: Consent, now: datetime) -> bool:
    """Whether it is too late to sign."""
    return consent.link_expires_at is None or consent.link_expires_at <= now


def address(secret: str) -> str:
    """The whole link, as it is mailed or copied."""
    return absolute(reverse("consent", args=[secret]))


def find(secret: str) -> Consent:
    """The consent behind a link, in any state, with its text, subject and organisation.

    Raises UserError `consent_link_invalid`, in the same words whatever the reason.
    """
    rows = doors.CONSENT.open(token_hash=hash_secret(secret))
    if not rows:
        raise invalid()
    organisation_id, consent_id = rows[0]
    with tenant(organisation_id):
        return read(consent_id)


def read(consent_id: UUID) -> Consent:
    """The consent of the organisation in scope; raises as `find` does."""
    rows = Consent.objects.select_related("text", "organisation", "subject__organisation")
    found: Consent | None = rows.filter(pk=consent_id).first()
    if found is None:
        raise invalid()
    return found


def send(issued: "Issued") -> None:
    """Mail the link to the person. Raises OSError when the mail server does not take it."""
    consent = issued.consent
    context = {
        "organisation": consent.subject.organisation,
        "expires": consent.link_expires_at,
        "link": address(issued.secret),
    }
    subject = " ".join(render_to_string("accounts/mail/consent_subject.txt", context).split())
    send_mail(subject, render_to_string("accounts/mail/consent.txt", context), None, [consent.email])


def invalid() -> UserError:
    sentence = _(
        "This link cannot be used. Perhaps it was replaced by a newer one, or copied in part. Ask whoever "
        "sent it to you for a new link."
    )
    return UserError("consent_link_invalid", sentence, status=404)
