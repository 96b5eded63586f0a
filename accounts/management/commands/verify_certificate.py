"""`manage.py verify_certificate FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.domain.erasure import certificates, showing
from accounts.domain.erasure.certificates import Verdict


class Command(BaseCommand):
    help = (
        "Verify a certificate of erasure: that it says what this installation signed. Ends with status 1 "
        "where it was changed, was signed by somebody else, or is no certificate."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the certificate, in JSON, as it was downloaded")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            told = certificates.read(Path(options["file"]).read_bytes())
        except OSError as error:
            raise CommandError(_("%(file)s cannot be read.") % {"file": options["file"]}) from error
        verdict = certificates.verify(told)
        said = showing.told(told, verdict)
        if said:
            when = f", {said.finished_at:%Y-%m-%d %H:%M}Z" if said.finished_at else ""
            self.stdout.write(f"{said.number}: {said.what} {said.object_id}{when}")
            for kind, count in said.counts:
                self.stdout.write(f"  {kind}: {count}")
        if verdict != Verdict.VALID:
            raise CommandError(showing.sentence(verdict))
        self.stdout.write(showing.sentence(verdict))
