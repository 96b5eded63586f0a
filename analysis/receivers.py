"""What `analysis` does when `accounts` announces something."""

from typing import Any

from accounts.announcements import demo_made
from accounts.models import Project, User
from analysis.domain import demonstration


def connect() -> None:
    demo_made.connect(_load_demonstration, dispatch_uid="analysis.demonstration")


def _load_demonstration(sender: object, project: Project, owner: User, **_more: Any) -> None:  # noqa: ARG001 - a signal's receiver
    demonstration.load(project, owner)
