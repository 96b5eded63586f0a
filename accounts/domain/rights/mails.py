"""The mail that somebody asked for something by right, to the members who may answer. It names nobody."""

import logging

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.domain.invitations import absolute
from accounts.models import Membership, RightsRequest
from accounts.permissions import ROLES, Action

logger = logging.getLogger(__name__)


def announce(request: RightsRequest) -> None:
    """Send it once the transaction stands. Where no mail is taken, the request still stands on its page."""
    message = _message(request)
    if message.bcc:
        transaction.on_commit(lambda: _send(message))


def _message(request: RightsRequest) -> EmailMessage:
    organisation = request.organisation
    path = reverse("rights-request", args=[organisation.slug, request.pk])
    context = {"organisation": organisation, "request": request, "link": absolute(path)}
    subject = " ".join(render_to_string("accounts/mail/rights_subject.txt", context).split())
    handlers = Membership.objects.filter(role__in=ROLES[Action.HANDLE_RIGHTS], user__is_active=True)
    addresses = sorted(handlers.values_list("user__email", flat=True))
    return EmailMessage(subject, render_to_string("accounts/mail/rights.txt", context), bcc=addresses)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except OSError:
        logger.exception("the mail about a request by right was not taken")
