"""What is declared of a subject, and which numbers of a cohort a run is analysed with."""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.models import Subject, User
from analysis.engine.findings.cohorts import Cohort, CohortParameter, shipped
from analysis.engine.model_card import ModelCard
from analysis.models import CohortCalibration


@transaction.atomic
def declare(subject: Subject, cohort: str, declared_by: str, user: User) -> None:
    """Note the subject's cohort, or with an empty one that none is declared.

    Results stay as they are; runs that are requested from now on take it. Nothing is written where nothing
    changes, so that the day stays that of the declaration.
    """
    declared_by = declared_by if cohort else ""
    if (subject.cohort, subject.cohort_declared_by) == (cohort, declared_by):
        return
    subject.cohort, subject.cohort_declared_by = cohort, declared_by
    subject.cohort_entered_by, subject.cohort_entered_at = user, timezone.now()
    subject.save(
        update_fields=["cohort", "cohort_declared_by", "cohort_entered_by", "cohort_entered_at"],
    )
    record(AuditAction.COHORT_DECLARED, subject, declared=bool(cohort))


@transaction.atomic
def consent(subject: Subject, day: date | None, user: User) -> None:
    """Note the day on which the subject consented to calibration, or with None that there is no consent."""
    if subject.calibration_consent_on == day:
        return
    subject.calibration_consent_on, subject.calibration_consent_entered_by = day, user
    subject.save(update_fields=["calibration_consent_on", "calibration_consent_entered_by"])
    record(AuditAction.CONSENT_CHANGED, subject, given=day is not None)


def chosen(key: str, card: ModelCard) -> Cohort | None:
    """The cohort with the numbers that hold now for the organisation in scope; None where none is declared.

    These are of its latest calibration with the same Action Unit model, else those the product ships. None
    too for a cohort that is no longer in the list.
    """
    cohort = shipped().cohorts.get(key)
    if cohort is None:
        return None
    found = (
        CohortCalibration.objects.filter(cohort=key, list_version=cohort.version, model=card.label)
        .order_by("-number")
        .first()
    )
    return calibrated(cohort, found) if found else cohort


def calibrated(cohort: Cohort, by: CohortCalibration) -> Cohort:
    """The cohort with a calibration's version and numbers."""
    return replace(
        cohort,
        version=by.version,
        parameters=tuple(CohortParameter(**one) for one in by.parameters),
    )
