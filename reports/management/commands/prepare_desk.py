"""`manage.py prepare_desk`: once, where free sample analyses are to be taken; again, it changes nothing."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.domain.invitations import absolute
from accounts.enums import OrganisationState
from accounts.models import Organisation
from reports.domain.samples import desk

NAME = "EchoDepth samples"


class Command(BaseCommand):
    help = "Set up the sales desk: its organisation and the texts that people are shown."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", default=NAME, help="of the organisation that people in recordings read")
        parser.add_argument(
            "--contact",
            default=settings.DEFAULT_FROM_EMAIL,
            help="whom people in recordings write to or call; the sender of mails by default",
        )
        parser.add_argument(
            "--time-zone",
            default=settings.DEFAULT_ORGANISATION_TIME_ZONE,
            help="zone in which its days begin and end; ECHODEPTH_TIME_ZONE by default",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        name, contact, zone = options["name"].strip(), options["contact"].strip(), options["time_zone"]
        wanted = Organisation(name=name, privacy_contact=contact, time_zone=zone)
        try:
            wanted.clean_fields(exclude={"slug", "state_changed_at", "trial_until", "erased_at"})
            made, is_new = desk.prepare(name, contact, zone)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ValueError as error:
            raise CommandError(_("Leave out double square brackets.")) from error
        if made.state != OrganisationState.ACTIVE:
            sentence = _("There is a sales desk already, and its organisation is suspended or closed.")
            raise CommandError(sentence)
        if is_new:
            told = _("The sales desk is ready. Prospects ask at %(address)s; staff work at %(desk)s.")
            places = {"address": absolute(reverse("sample")), "desk": absolute(reverse("desk"))}
            self.stdout.write(told % places)
