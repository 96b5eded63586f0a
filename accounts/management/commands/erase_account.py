"""`manage.py erase_account EMAIL`: an account goes, out of every organisation and every trail."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.domain.people import person_of
from accounts.domain.rights.accounts import erase
from echodepth.errors import UserError


class Command(BaseCommand):
    help = "Erase the account of a member: name, address, memberships, and their name in audit trails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the e-mail address the person signs in with")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = person_of(options["email"])
        if user is None:
            raise CommandError(_("Nobody has an account with %(email)s.") % {"email": options["email"]})
        try:
            erase(user)
        except UserError as error:
            raise CommandError(str(error.sentence)) from error
        self.stdout.write(_("Account %(number)d was erased.") % {"number": user.pk})
