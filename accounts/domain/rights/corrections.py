"""Words that say who somebody is, corrected at their request: labels and titles."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.projects import rename_subject
from accounts.domain.rights.requests import in_trail
from accounts.models import RightsRequest, Subject

LENGTH = 200


@dataclass(frozen=True, slots=True)
class Label:
    """One text that can be corrected."""

    kind: str
    object_id: UUID
    what: str | Promise
    """What it is, for people."""
    text: str

    @property
    def key(self) -> str:
        """As a form names it."""
        return f"{self.kind}.{self.object_id}"


Find = Callable[[Subject], Iterator[Label]]
Change = Callable[[Label, str], None]
"""Writes another text in a label's place, with a line in the audit trail; raises UserError."""

_kinds: dict[str, tuple[Find, Change]] = {}


def register(kind: str, find: Find, change: Change) -> None:
    """Announce labels of a kind; a `Label.kind` is this one."""
    _kinds[kind] = (find, change)


def labels(subject: Subject) -> list[Label]:
    """All that can be corrected of a person."""
    return [label for find, _change in _kinds.values() for label in find(subject)]


@transaction.atomic
def correct(request: RightsRequest, texts: dict[str, str]) -> int:
    """Put these texts, by `Label.key`, in the place of what is there; how many changed.

    A text that is empty, the same, or of no label of the person is passed over.
    Raises UserError `label_taken`.
    """
    if request.subject is None:
        return 0
    changed = 0
    for label in labels(request.subject):
        text = texts.get(label.key, "").strip()[:LENGTH]
        if text and text != label.text:
            _kinds[label.kind][1](label, text)
            changed += 1
    if changed:
        record(AuditAction.RIGHTS_ANSWERED, in_trail(request.pk), corrected=changed)
    return changed


def connect() -> None:
    """Called once, when the app is ready."""
    register("subject", _of_subject, _rename)


def _of_subject(subject: Subject) -> Iterator[Label]:
    yield Label("subject", subject.pk, _("Label of the person"), subject.label)


def _rename(label: Label, text: str) -> None:
    rename_subject(Subject.objects.select_related("project").get(pk=label.object_id), text)
