"""What `analysis` does when `accounts` announces something."""

from typing import Any
from uuid import UUID

from accounts.announcements import (
    consent_withdrawn,
    demo_made,
    standing_changed,
    subject_objected,
    usage_asked,
)
from accounts.domain.quotas import Usage
from accounts.models import Project, Subject, User
from analysis.domain import demonstration, retention, wanted
from analysis.domain.intake import usage
from analysis.models import Run
from analysis.signals import run_scored


def connect() -> None:
    demo_made.connect(_load_demonstration, dispatch_uid="analysis.demonstration")
    usage_asked.connect(_tell_usage, dispatch_uid="analysis.usage")
    run_scored.connect(_keep_result, dispatch_uid="analysis.retention")
    standing_changed.connect(_settle, dispatch_uid="analysis.standing")
    consent_withdrawn.connect(_stop, dispatch_uid="analysis.withdrawn")
    subject_objected.connect(_stop, dispatch_uid="analysis.objected")


def _load_demonstration(sender: object, project: Project, owner: User, **_more: Any) -> None:  # noqa: ARG001 - a signal's receiver
    demonstration.load(project, owner)


def _tell_usage(sender: object, organisation_ids: list[UUID], **_more: Any) -> dict[UUID, Usage]:  # noqa: ARG001 - a signal's receiver
    return usage.usages(organisation_ids)


def _settle(sender: object, project_id: UUID, subject_id: UUID | None, **_more: Any) -> None:  # noqa: ARG001 - a signal's receiver
    wanted.settle(project_id, subject_id)


def _stop(sender: object, subject: Subject, **_more: Any) -> None:  # noqa: ARG001 - a signal's receiver
    wanted.cancel_runs_of(subject.pk)


def _keep_result(sender: object, run: Run, **_more: Any) -> None:  # noqa: ARG001 - a signal's receiver
    retention.keep_result(run)
