"""The neutral that is kept for a subject: an analyst says of which result, and new runs carry it over."""

import logging
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.models import Subject, User
from analysis.domain import results
from analysis.engine.result_types import AnalysisResult
from analysis.models import Run, SubjectNeutral
from echodepth.errors import UserError

logger = logging.getLogger(__name__)


def current(subject_id: UUID | None) -> SubjectNeutral | None:
    """What is kept for the subject now, with its run and recording; None without subject too."""
    if subject_id is None:
        return None
    found: SubjectNeutral | None = (
        SubjectNeutral.objects.filter(subject=subject_id, ended_at=None)
        .select_related("subject", "kept_by", "run__recording")
        .first()
    )
    return found


def keep(run: Run, user: User) -> SubjectNeutral:
    """Keep the neutral of the run's result for the recording's subject, instead of what was kept before.

    Raises UserError `no_subject`, `result_missing`, `no_neutral`, or `neutral_carried` where the result was
    itself measured from a neutral that was carried over.
    """
    subject = run.recording.subject
    if subject is None:
        raise UserError("no_subject", _("This recording has no subject to keep a neutral for."), 409)
    _check(run)
    with transaction.atomic():
        _end(subject, user)
        kept: SubjectNeutral = SubjectNeutral.objects.create(
            organisation_id=run.organisation_id, subject=subject, run=run, kept_by=user
        )
        record(AuditAction.NEUTRAL_KEPT, subject, run=str(run.pk))
    return kept


def reset(subject: Subject, user: User) -> bool:
    """Keep no neutral for the subject any more; False when none was kept. Results stay as they are."""
    with transaction.atomic():
        ended = _end(subject, user)
        if ended:
            record(AuditAction.NEUTRAL_RESET, subject)
    return ended


def kept_result(kept_id: UUID) -> AnalysisResult | None:
    """The result a kept neutral comes from; None where it is deleted, or of a version not read any more.

    Raises OSError when storage cannot be reached.
    """
    run = SubjectNeutral.objects.select_related("run").get(pk=kept_id).run
    return _result(run) if run else None


def _end(subject: Subject, user: User) -> bool:
    # The row's lock makes two analysts who act at once come one after the other.
    Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)
    kept = SubjectNeutral.objects.filter(subject=subject, ended_at=None)
    return bool(kept.update(ended_at=timezone.now(), ended_by=user))


def _check(run: Run) -> None:
    result = _result(run)
    if result is None:
        raise UserError(
            "result_missing",
            _("This result cannot be read any more. Analyse the recording again, then keep its neutral."),
            409,
        )
    neutral = result.main.neutral if result.main else None
    if neutral is None:
        raise UserError("no_neutral", _("No frame of this recording was scored: it has no neutral."), 409)
    if neutral.source == "carried":
        raise UserError(
            "neutral_carried",
            _("This neutral was itself carried over. Keep that of the result it comes from."),
            409,
        )


def _result(run: Run) -> AnalysisResult | None:
    try:
        return results.load(run) if run.result_key else None
    except FileNotFoundError:
        logger.info("run %s: no result in storage to take a neutral from", run.pk)
    except (ValueError, KeyError, TypeError):
        logger.info("run %s: its result is of a version that is not read any more", run.pk)
    return None
