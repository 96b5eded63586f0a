"""`manage.py remove_second_factor EMAIL`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.domain.security import remove_second_factors
from accounts.models import User


class Command(BaseCommand):
    help = (
        "For somebody who lost their phone and their recovery codes, and has proven otherwise who they are: "
        "remove app, passkeys and codes, end their sessions, and tell them by mail. The password stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *_args: Any, **options: Any) -> None:
        email = options["email"].strip()
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(_("There is no account of %(email)s.") % {"email": email})
        if not remove_second_factors(user):
            raise CommandError(_("%(email)s has no second factor.") % {"email": user.email})
        self.stdout.write(_("%(email)s signs in by password alone now.") % {"email": user.email})
