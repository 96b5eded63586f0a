"""`manage.py verify_storage`: files and what the database tells of them, compared both ways."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.management import chosen
from echodepth.storage import verify
from echodepth.storage.verify import NEEDLESS, Finding, Seen
from echodepth.tenancy import tenant

HOURS = 24
"""What is being written, or waits for its row, is younger."""


class Command(BaseCommand):
    help = (
        "Compare files with what the database tells of them, both ways: lost ones, ones of other content, "
        "ones that belong to nothing. Status 1 when it finds something. Deletes nothing unless told to."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen.add_argument(parser)
        parser.add_argument("--fast", action="store_true", help="compare sizes alone, and read no file")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument(
            "--older-than",
            type=int,
            default=HOURS,
            metavar="HOURS",
            help="how old a file must be to belong to nothing; younger ones may still get their row "
            "(default: %(default)s)",
        )
        parser.add_argument(
            "--delete-orphans", action="store_true", help="delete what belongs to nothing, unfinished or not"
        )
        parser.add_argument(
            "--delete-most",
            action="store_true",
            help="delete them even where they are more than the files that belong to something",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        self._json = options["json"]
        seen, findings = Seen(), []
        try:
            for slug, finding in _found(options, seen):
                self._tell(slug, finding)
                findings.append(finding)
        except OSError as error:
            raise CommandError(_("The storage cannot be read: %(error)s") % {"error": error}) from error
        self._sum_up(seen, len(findings))
        if options["delete_orphans"]:
            findings = self._delete(findings, seen, sure=options["delete_most"])
        if findings:
            raise CommandError(_("%(count)d things are not as they must be.") % {"count": len(findings)})

    def _delete(self, findings: list[Finding], seen: Seen, *, sure: bool) -> list[Finding]:
        """What is still wrong then. A database of another day knows hardly any file: nothing is deleted."""
        needless = [finding for finding in findings if finding.what in NEEDLESS]
        if len(needless) > seen.rows and not sure:
            raise CommandError(
                _(
                    "%(needless)d files belong to nothing and only %(rows)d to something: is this the right "
                    "database? Nothing was deleted; --delete-most does it all the same."
                )
                % {"needless": len(needless), "rows": seen.rows}
            )
        for finding in needless:
            verify.delete(finding)
        self._write({"deleted": len(needless)}, _("%(deleted)d deleted"))
        return [finding for finding in findings if finding.what not in NEEDLESS]

    def _tell(self, slug: str, finding: Finding) -> None:
        facts = {
            "organisation": slug,
            "finding": finding.what,
            "kind": finding.kind,
            "row": str(finding.row_id or ""),
            "key": finding.key,
            "detail": finding.detail,
            "size": finding.size,
            "age_hours": None if finding.age is None else round(finding.age.total_seconds() / 3600, 1),
        }
        said = [slug or "-", finding.what, finding.kind, finding.key, finding.detail]
        if finding.age is not None:
            said.append(_("%(hours)s hours old") % {"hours": facts["age_hours"]})
        self._write(facts, "  ".join(word for word in said if word).replace("%", "%%"))

    def _sum_up(self, seen: Seen, found: int) -> None:
        facts = {"rows": seen.rows, "objects": seen.objects, "bytes": seen.size, "findings": found}
        self._write(facts, _("%(rows)d rows, %(objects)d files of %(bytes)d bytes: %(findings)d findings"))

    def _write(self, facts: dict[str, Any], sentence: str) -> None:
        self.stdout.write(json.dumps(facts) if self._json else sentence % facts)


def _found(options: dict[str, Any], seen: Seen) -> Iterator[tuple[str, Finding]]:
    older_than = timedelta(hours=options["older_than"])
    organisations = chosen.organisations(options["organisation"])
    for organisation_id, slug in organisations:
        with tenant(organisation_id):
            found = list(verify.verify(organisation_id, older_than, fast=options["fast"], seen=seen))
        yield from ((slug, finding) for finding in found)
    if not options["organisation"]:
        every = [organisation_id for organisation_id, _slug in organisations]
        yield from (("", finding) for finding in verify.strays(every, older_than, seen))
