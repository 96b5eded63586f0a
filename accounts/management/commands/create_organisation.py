"""`manage.py create_organisation NAME OWNER_EMAIL`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.domain.invitations import VALID_DAYS, Issued, absolute, invite, send_invitation
from accounts.domain.organisations import create_organisation
from accounts.doors import organisation_named
from accounts.enums import Role
from accounts.models import Organisation
from echodepth.tenancy import tenant


class Command(BaseCommand):
    help = "Make an organisation, and invite its first owner by mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("owner_email")
        parser.add_argument(
            "--time-zone",
            default=settings.DEFAULT_ORGANISATION_TIME_ZONE,
            help="zone in which its times are shown; ECHODEPTH_TIME_ZONE by default",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        name, email = options["name"].strip(), options["owner_email"].strip().lower()
        self._check(name, email, options["time_zone"])
        with transaction.atomic():
            organisation = create_organisation(name, options["time_zone"])
            with tenant(organisation.pk):
                issued = invite(organisation, email, Role.OWNER, by=None)
        facts = {
            "name": name,
            "email": email,
            "address": absolute(reverse("projects", args=[organisation.slug])),
        }
        self.stdout.write(_("%(name)s was made: %(address)s. %(email)s is invited as its owner.") % facts)
        self._mail(issued)

    def _check(self, name: str, email: str, time_zone: str) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(_("%(email)s is no e-mail address.") % {"email": email}) from error
        try:
            Organisation(name=name, time_zone=time_zone).clean_fields(exclude={"slug", "state_changed_at"})
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        slug = slugify(name)[:50]
        if slug and organisation_named(slug):
            sentence = _("There is an organisation at the address /o/%(slug)s/ already. Choose another name.")
            raise CommandError(sentence % {"slug": slug})

    def _mail(self, issued: Issued) -> None:
        link = absolute(reverse("invitation", args=[issued.secret]))
        facts = {
            "email": issued.invitation.email,
            "folder": settings.EMAIL_FILE_PATH,
            "days": VALID_DAYS,
            "link": link,
        }
        try:
            send_invitation(issued)
        except OSError as error:
            raise CommandError(
                _(
                    "The mail to %(email)s could not be sent (%(reason)s). Nothing else is missing. Hand "
                    "this link to the owner in person; it works once, for %(days)s days: %(link)s"
                )
                % {**facts, "reason": error}
            ) from error
        told = _("The mail with the link, which works once, for %(days)s days, is on its way to %(email)s.")
        if not settings.EMAIL_HOST:
            told = _("The mail with the link for %(email)s is in %(folder)s: no SMTP server is set.")
        self.stdout.write(told % facts)
