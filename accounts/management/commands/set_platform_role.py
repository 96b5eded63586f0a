"""`manage.py set_platform_role EMAIL ROLE`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.domain.staff import set_platform_role
from accounts.enums import PlatformRole
from accounts.models import User

NOBODY = "none"


class Command(BaseCommand):
    help = (
        "Change what somebody who has an account is for the platform. With the role none they work for it no "
        "longer. The staff sessions of who may open none any more end at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=[*(role.value for role in PlatformRole if role.value), NOBODY])

    def handle(self, *_args: Any, **options: Any) -> None:
        email = options["email"].strip()
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(_("There is no account of %(email)s.") % {"email": email})
        role = PlatformRole.NONE if options["role"] == NOBODY else PlatformRole(options["role"])
        set_platform_role(user, role)
        self.stdout.write(
            _("%(email)s has this role for the platform now: %(role)s")
            % {"email": user.email, "role": role.label}
        )
