"""Calibrating a cohort: from recordings of consenting subjects to a new numbered version."""

import logging
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Max

from accounts.domain.consent import standing
from accounts.models import Organisation, Subject
from analysis.domain import results
from analysis.engine.findings import expressivity
from analysis.engine.findings.cohorts import CohortParameter, shipped
from analysis.engine.model_card import ModelCard
from analysis.engine.result_types import AnalysisResult
from analysis.engine.types import F64
from analysis.enums import RunState
from analysis.models import CohortCalibration, Run

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """What a consenting subject's recordings tell."""

    expressivity: F64
    """(groups,)"""
    recordings: int
    seconds: float
    """Scored."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A cohort's parameters with what they were fitted on; nothing of a single person."""

    parameters: tuple[CohortParameter, ...]
    evidence: dict[str, object]


def fitted(cohort: str, card: ModelCard) -> Fitted:
    """Of the organisation in scope: the cohort's consenting subjects beside the reference of all cohorts.

    Whoever declared no cohort is left out, who objected or withdrew, whose own consent does not say
    calibration, and whoever could not be measured in a group that others could. Each recording counts by
    its latest result, if the same Action Unit model made it. Raises TooFewPeopleError.
    """
    people = _by_cohort(card)
    known = {key: [one.expressivity for one in members] for key, members in people.items()}
    compared = expressivity.compared(known, cohort)
    return Fitted(
        expressivity.fit(compared, source=card.label),
        {
            "people": len(compared[0]),
            "cohorts": len(compared),
            "others": sum(map(len, compared[1:])),
            "recordings": sum(one.recordings for one in people[cohort]),
            "seconds": round(sum(one.seconds for one in people[cohort])),
            "raw": [_number(one) for one in expressivity.difference(compared).tolist()],
        },
    )


def keep(organisation: Organisation, cohort: str, card: ModelCard, found: Fitted) -> CohortCalibration:
    """Keep what was fitted as a new version, which runs take from now on; earlier ones stay."""
    with transaction.atomic():
        # The row's lock numbers two calibrations at once one after the other.
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        last = CohortCalibration.objects.filter(cohort=cohort).aggregate(last=Max("number"))["last"] or 0
        made: CohortCalibration = CohortCalibration.objects.create(
            organisation=organisation,
            cohort=cohort,
            number=last + 1,
            list_version=shipped().version,
            model=card.label,
            parameters=[asdict(one) for one in found.parameters],
            evidence=found.evidence,
        )
    return made


def _by_cohort(card: ModelCard) -> dict[str, list[Person]]:
    """Consenting people who can be compared, by the cohort they declared."""
    entered = Subject.objects.exclude(calibration_consent_on=None).exclude(cohort="")
    entered = entered.filter(objected_at=None).select_related("organisation")
    # What a member entered does not stand against what the person said.
    consenting = [subject for subject in entered if standing.calibration_allowed(subject)]
    found = [(subject.cohort, person) for subject in consenting if (person := _person(subject, card))]
    usable = expressivity.comparable([person.expressivity for _, person in found])
    people: dict[str, list[Person]] = {}
    for (cohort, person), good in zip(found, usable, strict=True):
        if good:
            people.setdefault(cohort, []).append(person)
    return people


def _person(subject: Subject, card: ModelCard) -> Person | None:
    told = [
        (result, found)
        for result in _results(subject, card)
        if (found := expressivity.expressivity(result)) is not None
    ]
    if not told:
        return None
    return Person(
        expressivity=expressivity.of_person([found for _, found in told]),
        recordings=len(told),
        seconds=sum(result.main.quality.scored_seconds for result, _ in told if result.main),
    )


def _results(subject: Subject, card: ModelCard) -> Iterator[AnalysisResult]:
    done = Run.objects.filter(recording__subject=subject, state=RunState.DONE)
    latest = {run.recording_id: run for run in done.order_by("requested_at")}
    for run in latest.values():
        try:
            result = results.load(run)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            logger.info("run %s: its result is gone or is not read any more", run.pk)
            continue
        if result.configuration.get("action_unit_model") == card.label:
            yield result


def _number(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None
