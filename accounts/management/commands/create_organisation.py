"""`manage.py create_organisation NAME OWNER_EMAIL`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.domain.invitations import absolute, invite
from accounts.domain.organisations import create_organisation
from accounts.domain.people import person_with
from accounts.models import Membership, Organisation


class Command(BaseCommand):
    help = "Make an organisation with its first owner, and mail the owner how to sign in."

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
            owner = person_with(email)
            organisation = create_organisation(name, options["time_zone"], owner)
        facts = {
            "name": name,
            "email": email,
            "address": absolute(reverse("projects", args=[organisation.slug])),
        }
        self.stdout.write(_("%(name)s was made, with the owner %(email)s: %(address)s") % facts)
        self._mail(Membership.objects.get(organisation=organisation, user=owner))

    def _check(self, name: str, email: str, time_zone: str) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(_("%(email)s is no e-mail address.") % {"email": email}) from error
        try:
            Organisation(name=name, time_zone=time_zone).clean_fields(exclude={"slug"})
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if Organisation.objects.filter(name__iexact=name).exists():
            raise CommandError(_("There is an organisation of the name %(name)s already.") % {"name": name})

    def _mail(self, membership: Membership) -> None:
        facts = {
            "email": membership.user.email,
            "folder": settings.EMAIL_FILE_PATH,
            "forgot": absolute(reverse("account_reset_password")),
        }
        try:
            invite(membership)
        except OSError as error:
            raise CommandError(
                _(
                    "The mail to %(email)s could not be sent (%(reason)s). Nothing else is missing: once "
                    "mail works, the owner asks for a password at %(forgot)s"
                )
                % {**facts, "reason": error}
            ) from error
        told = _("A mail that says how to sign in is on its way to %(email)s.")
        if not settings.EMAIL_HOST:
            told = _("The mail that tells %(email)s how to sign in is in %(folder)s: no SMTP server is set.")
        self.stdout.write(told % facts)
