"""`manage.py verify_audit [--organisation SLUG [--anchor NUMBER:HASH]]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.domain.audit_verify import Anchor, Proof, verify
from accounts.management import chosen
from echodepth.tenancy import tenant


class Command(BaseCommand):
    help = (
        "Prove each organisation's audit trail: that no record was altered, removed, inserted or moved. Says "
        "where one was, and then ends with status 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen.add_argument(parser)
        parser.add_argument(
            "--anchor",
            default="",
            metavar="NUMBER:HASH",
            help="what this command said earlier of the newest record: the trail must still hold it",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        anchor = _anchor(options["anchor"], options["organisation"])
        broken = 0
        for organisation_id, slug in chosen.organisations(options["organisation"]):
            with tenant(organisation_id):
                proof = verify(anchor)
            self._tell(slug, proof)
            broken += not proof.holds
        if broken:
            told = ngettext(
                "%(number)d audit trail does not hold.", "%(number)d audit trails do not hold.", broken
            )
            raise CommandError(told % {"number": broken})

    def _tell(self, slug: str, proof: Proof) -> None:
        self.stdout.write(f"{slug}: {summary(proof)}")
        for finding in proof.findings:
            self.stdout.write(f"  {finding.fault}: {finding.sentence}")


def summary(proof: Proof) -> str:
    """What was looked at and whether it holds, with the place to keep elsewhere."""
    if not proof.number and proof.holds:
        return _("nothing is recorded yet")
    facts = {"count": proof.records, "last": proof.number, "hash": proof.hash, "cut": proof.cut}
    told = ngettext("%(count)d record", "%(count)d records", proof.records) % facts
    if proof.cut:
        told += _(", after %(cut)d that expired") % facts
    if not proof.holds:
        return _("%(told)s: DOES NOT HOLD") % {"told": told}
    return _("%(told)s: holds; newest %(last)d:%(hash)s") % {**facts, "told": told}


def _anchor(text: str, slug: str) -> Anchor | None:
    if not text:
        return None
    number, _colon, digest = text.partition(":")
    if not slug:
        raise CommandError(_("--anchor belongs to one trail: name it with --organisation."))
    if not (number.isascii() and number.isdigit() and digest):
        raise CommandError(_("--anchor is a number, a colon and a hash, as this command writes them."))
    return Anchor(int(number), digest)
