"""The prospect's private link: its secret, the mail that brings it, and the way from it to the request."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import doors, limits
from accounts.domain.invitations import absolute, hash_secret
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.models import SampleRequest

CONFIRMED_WITHIN_HOURS = 24
"""A request whose address nobody confirmed by then is erased."""


def desk() -> UUID:
    """The organisation in which samples are kept. Raises UserError `no_desk` where none was set up."""
    rows = doors.DESK.open()
    if not rows:
        raise no_desk()
    found: UUID = rows[0][0]
    return found


def takes_samples() -> bool:
    """Whether samples can be asked for here."""
    return bool(doors.DESK.open())


def no_desk() -> UserError:
    sentence = _("No sample analyses are taken here at the moment. Nothing that you entered was kept.")
    return UserError("no_desk", sentence, status=503, heading=_("No samples at the moment"))


def new_secret() -> tuple[str, str]:
    """A link's secret of 256 bits, and the digest of it that is stored."""
    secret = secrets.token_urlsafe(32)
    return secret, hash_secret(secret)


def address(secret: str) -> str:
    """The whole link, as it is mailed or copied."""
    return absolute(reverse("sample-visit", args=[secret]))


def find(secret: str) -> SampleRequest:
    """The request behind a link, with its project and organisation, in any state of it and of the desk.

    Enters the desk's scope. Raises UserError `sample_link_invalid`, in the same words whatever the reason.
    """
    rows = doors.DESK_KEPT.open()
    if not rows:
        raise invalid()
    with tenant(rows[0][0]):
        requests = SampleRequest.objects.select_related("organisation", "project")
        found: SampleRequest | None = requests.filter(token_hash=hash_secret(secret)).first()
    if found is None:
        raise invalid()
    return found


def renew(sample: SampleRequest) -> str:
    """The secret of a new link to the same request; the old link is void at once."""
    secret, sample.token_hash = new_secret()
    sample.save(update_fields=["token_hash"])
    return secret


def confirmed_until(sample: SampleRequest) -> datetime:
    """When everything is erased unless the address was confirmed by then; a later mail moves nothing."""
    until: datetime = sample.created_at + timedelta(hours=CONFIRMED_WITHIN_HOURS)
    return until


def count_mail(email: str) -> None:
    """Before a link is mailed because somebody asked for it. Raises UserError `too_many_requests`."""
    limits.SAMPLE_MAIL.take(email.strip().lower())
    limits.SAMPLE_MAILS.take()


def send_confirmation(sample: SampleRequest, secret: str) -> None:
    """Mail the link that proves the address. Raises OSError when the mail server does not take it.

    Nothing that was typed stands in it: nobody writes to others by this form. It is in English, as all that
    follows it.
    """
    context = {
        "reference": sample.reference,
        "link": address(secret),
        "until": confirmed_until(sample),
        "zone": sample.organisation.time_zone,
    }
    with translation.override(settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string("reports/mail/sample_confirm_subject.txt", context).split())
        text = render_to_string("reports/mail/sample_confirm.txt", context)
    send_mail(subject, text, None, [sample.email])


@transaction.atomic
def send_again(sample: SampleRequest) -> None:
    """Mail a new link; the old one stays valid where the mail server takes nothing (OSError)."""
    send_confirmation(sample, renew(sample))


def invalid() -> UserError:
    sentence = _(
        "This link cannot be used. Perhaps it was replaced by a newer one, copied in part, or not confirmed "
        "in time. Look for our newest mail, or ask for a sample analysis again."
    )
    return UserError("sample_link_invalid", sentence, status=404)
