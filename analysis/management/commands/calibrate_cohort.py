"""`manage.py calibrate_cohort ORGANISATION COHORT`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.doors import organisation_named
from accounts.models import Organisation
from analysis.cohort_names import cohort_name
from analysis.domain import calibration
from analysis.engine.errors import ModelMismatchError, ModelsMissingError
from analysis.engine.findings.cohorts import CohortParameter, shipped
from analysis.engine.findings.expressivity import LEAST_PEOPLE, TooFewPeopleError
from analysis.engine.model_card import ModelCard
from echodepth.tenancy import tenant


class Command(BaseCommand):
    help = "Calibrate a cultural cohort from an organisation's recordings of people who consented to it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="the organisation's short name in addresses")
        parser.add_argument("cohort", choices=list(shipped().cohorts), help="the cohort's key")
        parser.add_argument("--dry-run", action="store_true", help="show what would be found; keep nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        organisation_id = organisation_named(options["organisation"])
        if organisation_id is None:
            raise CommandError(_("There is no organisation %(slug)s.") % {"slug": options["organisation"]})
        cohort = shipped().cohorts[options["cohort"]]
        name = cohort_name(cohort.country, cohort.language)
        with tenant(organisation_id):
            organisation = Organisation.objects.get(pk=organisation_id)
            try:
                card = ModelCard.load()
                found = calibration.fitted(cohort.key, card)
                kept = None if options["dry_run"] else calibration.keep(organisation, cohort.key, card, found)
            except TooFewPeopleError as error:
                raise CommandError(_few(name, error)) from error
            except (ModelsMissingError, ModelMismatchError) as error:
                raise CommandError(_("The Action Unit model is not there, or is damaged.")) from error
        self.stdout.write(_evidence(name, found))
        for one in found.parameters:
            self.stdout.write(_line(one))
        self.stdout.write(
            _("Kept as version %(version)s; runs that start from now on take it. Results stay as they are.")
            % {"version": kept.version}
            if kept
            else _("Nothing was kept.")
        )


def _few(name: str, error: TooFewPeopleError) -> str:
    facts = {"name": name, "people": error.cohort, "others": error.others, "least": LEAST_PEOPLE}
    return (
        _(
            "%(name)s: %(people)d people with consent, a declared cohort and enough analysed recordings, and "
            "%(others)d in the largest other cohort; at least %(least)d of each are needed. "
            "Nothing was changed."
        )
        % facts
    )


def _evidence(name: str, found: calibration.Fitted) -> str:
    return _(
        "%(name)s: %(people)d people in %(recordings)d recordings, %(seconds)d scored seconds, beside "
        "%(others)d people of other cohorts, against the mean of %(cohorts)d cohorts."
    ) % {"name": name, **found.evidence}


def _line(one: CohortParameter) -> str:
    return f"{one.group:20} {one.factor:6.3f}  +/- {100 * one.spread:4.1f} %  {one.status}"
