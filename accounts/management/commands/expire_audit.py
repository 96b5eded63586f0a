"""`manage.py expire_audit --before DATE | --by-policy [--organisation SLUG] [--dry-run]`."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain.audit_expiry import Expired, expirable, expire
from accounts.domain.audit_verify import verify
from accounts.domain.retention import holds, lineage, policies
from accounts.enums import DataClass
from accounts.management import chosen
from echodepth.postgresql.owner import as_owner
from echodepth.tenancy import tenant


class Command(BaseCommand):
    help = "Delete old records of the audit trail behind a signed cut; what is left still proves itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen.add_argument(parser)
        until = parser.add_mutually_exclusive_group(required=True)
        until.add_argument(
            "--before", type=day, metavar="DATE", help="the first day to keep, such as 2026-01-31, in UTC"
        )
        until.add_argument(
            "--by-policy",
            action="store_true",
            help="what each organisation's retention policy says; a trail under a legal hold is not cut",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and delete nothing")
        parser.add_argument(
            "--unproven",
            action="store_true",
            help="cut a trail too that does not hold, although what is wrong may then never be found",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        before: datetime | None = options["before"]
        if before and before > timezone.now():
            raise CommandError(_("What is not over yet cannot expire: --before is in the future."))
        if connection.vendor == "postgresql" and not settings.OWNER_DATABASE:
            raise CommandError(
                _(
                    "The application may not delete records. Set ECHODEPTH_OWNER_DATABASE_URL for this "
                    "command."
                )
            )
        broken = []
        for organisation_id, slug in chosen.organisations(options["organisation"]):
            with as_owner(), tenant(organisation_id):
                first = before or due_before()
                if first is None:
                    self.stdout.write(_("%(slug)s: a legal hold keeps it whole") % {"slug": slug})
                    continue
                if not options["unproven"] and not verify().holds:
                    broken.append(slug)
                    continue
                gone = expirable(first) if options["dry_run"] else expire(first)
            self.stdout.write(_told(slug, gone, dry=options["dry_run"]))
        if broken:
            message = _("A trail does not hold and was not cut: %(slugs)s. See manage.py verify_audit.")
            raise CommandError(message % {"slugs": ", ".join(broken)})


def due_before() -> datetime | None:
    """Records before that are due by the policy of the organisation in scope; None while it is held."""
    if holds.of("organisation", lineage.organisation_in_scope()):
        return None
    return timezone.now() - policies.of(DataClass.LOGS).time


def day(text: str) -> datetime:
    """The beginning of a day in UTC."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise ArgumentTypeError(_("%(text)s is no date such as 2026-01-31") % {"text": text}) from error


def _told(slug: str, gone: Expired, *, dry: bool) -> str:
    facts = {"slug": slug, "count": gone.records, "last": gone.up_to, "names": gone.names}
    if not gone.records:
        return _("%(slug)s: nothing is that old") % facts
    if dry:
        return _("%(slug)s: %(count)d records, up to number %(last)d, would go") % facts
    return _("%(slug)s: %(count)d records went, up to number %(last)d, and %(names)d names") % facts
