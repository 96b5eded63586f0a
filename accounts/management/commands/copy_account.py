"""`manage.py copy_account EMAIL`: all that is held of somebody with an account, as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.domain.people import person_of
from accounts.domain.rights.accounts import copy


class Command(BaseCommand):
    help = "Print all that is held of a member, from every organisation, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the e-mail address the person signs in with")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = person_of(options["email"])
        if user is None:
            raise CommandError(_("Nobody has an account with %(email)s.") % {"email": options["email"]})
        self.stdout.write(json.dumps(copy(user), ensure_ascii=False, indent=1))
