"""`manage.py create_platform_admin EMAIL`, and with `--role` the platform's other people."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.domain.invitations import absolute
from accounts.domain.people import create_person, generate_password
from accounts.enums import PlatformRole
from accounts.models import User
from accounts.permissions import STAFF_ROLES

_ROLES = [role for role in PlatformRole if role != PlatformRole.NONE]


class Command(BaseCommand):
    help = (
        "Make an account for somebody who works for the platform: an admin, who makes and closes "
        "organisations, or support, or sales, who works at the sales desk. None of them sees a customer's "
        "recordings outside of a staff session. Asks for a password, or makes one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--role", choices=[role.value for role in _ROLES], default=PlatformRole.ADMIN.value
        )
        parser.add_argument(
            "--generate", action="store_true", help="make a password and print it, instead of asking"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        email, role = options["email"].strip().lower(), PlatformRole(options["role"])
        self._check_email(email)
        generated = options["generate"] or not sys.stdin.isatty()
        password = generate_password() if generated else self._ask(email)
        create_person(email, password, platform_role=role)
        page = reverse("platform" if role in STAFF_ROLES else "desk")
        facts = {"email": email, "role": role.label, "page": absolute(page)}
        self.stdout.write(_("%(email)s works for the platform now (%(role)s) and begins at %(page)s") % facts)
        if generated:
            self.stdout.write(_("Password, shown this once: %(password)s") % {"password": password})

    def _check_email(self, email: str) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(_("%(email)s is no e-mail address.") % {"email": email}) from error
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(_("%(email)s has an account already.") % {"email": email})

    def _ask(self, email: str) -> str:
        password = getpass(_("Password: "))
        if getpass(_("Password, again: ")) != password:
            raise CommandError(_("The two passwords differ."))
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password
