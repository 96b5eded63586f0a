"""`manage.py erase_from_audit --person EMAIL`, or `--address ADDRESS`, or `--label KIND:ID`."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.domain.audit_erasure import erase_address, erase_label, erase_person
from accounts.management import chosen
from accounts.models import User
from echodepth.tenancy import tenant


class Command(BaseCommand):
    help = "Erase a name from the audit trail; the records stay, and still prove themselves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen.add_argument(parser)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--person", metavar="EMAIL", help="whoever has an account with this e-mail address")
        what.add_argument("--address", help="a network address")
        what.add_argument("--label", metavar="KIND:ID", help="the title of an object, such as recording:<id>")

    def handle(self, *_args: Any, **options: Any) -> None:
        erase = _eraser(options)
        for organisation_id, slug in chosen.organisations(options["organisation"]):
            with tenant(organisation_id):
                self.stdout.write(_("%(slug)s: %(count)d erased") % {"slug": slug, "count": erase()})


def _eraser(options: dict[str, Any]) -> Callable[[], int]:
    if options["person"]:
        user = User.objects.filter(email__iexact=options["person"]).first()
        if user is None:
            raise CommandError(_("Nobody has an account with %(email)s.") % {"email": options["person"]})
        return lambda: erase_person(user.pk, user.email)
    if options["address"]:
        return lambda: erase_address(options["address"])
    kind, _colon, key = options["label"].partition(":")
    return lambda: erase_label(kind, key)
