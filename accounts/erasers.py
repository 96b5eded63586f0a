"""How people and projects are erased: the rows of this app. Apps below add steps to the same kinds."""

from typing import Any

from django.db.models import QuerySet

from accounts.announcements import hold_released
from accounts.domain.erasure import erasures, registry, things
from accounts.domain.erasure.registry import Job, Order
from accounts.domain.erasure.steps import Rows, children, itself, rows
from accounts.enums import DataClass, ErasureReason
from accounts.models import (
    Consent,
    Declaration,
    Notice,
    PrivacyText,
    Project,
    RetentionPolicy,
    RightsRequest,
    Subject,
)

PROOF_STAYS = frozenset({ErasureReason.WITHDRAWAL, ErasureReason.REQUEST})
"""Reasons for which the record that somebody once consented may outlive what it allowed."""
ERASED = "erased "
"""How the label of a person begins who is kept as the empty end of a consent record alone."""


def connect() -> None:
    """Called once, when the app is ready."""
    hold_released.connect(_go_on, dispatch_uid="accounts.erasures")
    registry.register("subject", _person, Order.ITSELF)
    registry.register("consent", _emptied, Order.ITSELF + 5, [DataClass.CONSENTS])
    registry.register("project", children("subject", _subjects), Order.WITHIN + 5)
    for owned in (Declaration, RetentionPolicy):
        registry.register("project", rows(owned, _of_project(owned)), Order.ROWS)
    registry.register("project", itself(Project), Order.ITSELF)
    registry.register("organisation", children("project", lambda _job: Project.objects.all()), Order.WITHIN)
    for model in (RightsRequest, PrivacyText, RetentionPolicy):
        registry.register("organisation", rows(model), Order.ROWS)


def _go_on(sender: object, **_more: Any) -> None:  # noqa: ARG001 - a signal's receiver
    erasures.release_all()


def _person(job: Job) -> bool:
    """A person's row goes with all that hangs on it; where a consent is kept, it only loses its label."""
    subject = Subject.objects.filter(pk=job.object_id).first()
    if subject is None:
        return False
    if _proof_stays(job):
        return _blank(job, subject)
    with things.writing(job):
        for model in (Consent, Notice):
            for key in model.objects.filter(subject=subject).values_list("pk", flat=True):
                things.note(job, str(model._meta.model_name), key)  # noqa: SLF001 - Django's documented API
        things.note(job, "subject", subject.pk)
        subject.delete()
    return True


def _proof_stays(job: Job) -> bool:
    own = job.erasure.kind == "subject" and job.erasure.reason in PROOF_STAYS
    return own and Consent.objects.filter(subject=job.object_id).exists()


def _blank(job: Job, subject: Subject) -> bool:
    label = f"{ERASED}{subject.pk.hex[:8]}"
    if subject.label == label:
        return False
    with things.writing(job):
        things.note(job, "subject", subject.pk)
        Subject.objects.filter(pk=subject.pk).update(
            label=label,
            cohort="",
            cohort_declared_by="",
            cohort_entered_by=None,
            cohort_entered_at=None,
            calibration_consent_on=None,
            calibration_consent_entered_by=None,
        )
    return True


def _emptied(job: Job) -> bool:
    """People kept for their consent alone go with the last one."""
    left = Subject.objects.filter(label__startswith=ERASED).exclude(consents__isnull=False)
    subject = left.first()
    if subject is None:
        return False
    with things.writing(job):
        things.note(job, "subject", subject.pk)
        subject.delete()
    return True


def _subjects(job: Job) -> QuerySet[Subject]:
    found: QuerySet[Subject] = Subject.objects.filter(project=job.object_id)
    return found


def _of_project(model: type[Declaration | RetentionPolicy]) -> Rows:
    return lambda job: model.objects.filter(project=job.object_id)
