"""Which organisations a command is about."""

from argparse import ArgumentParser
from uuid import UUID

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from accounts.doors import ORGANISATIONS, organisation_named


def add_argument(parser: ArgumentParser, *, required: bool = False) -> None:
    parser.add_argument(
        "--organisation",
        default="",
        metavar="SLUG",
        required=required,
        help="of this organisation alone, named as its address is",
    )


def organisations(slug: str) -> list[tuple[UUID, str]]:
    """Id and slug of the one named, or with an empty slug of all. Raises CommandError where there is none."""
    if not slug:
        return [(key, name) for key, name in ORGANISATIONS.open()]
    found = organisation_named(slug)
    if found is None:
        raise CommandError(_("There is no organisation %(slug)s.") % {"slug": slug})
    return [(found, slug)]
