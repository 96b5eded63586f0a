"""A person's objection to being analysed: while it stands, nothing of theirs is."""

from django.db import transaction
from django.utils import timezone

from accounts.announcements import subject_objected
from accounts.models import Subject


@transaction.atomic
def uphold(subject: Subject) -> None:
    """From now on nothing of the person is analysed; what is under way is cancelled by the apps below."""
    if subject.objected_at is None:
        subject.objected_at = timezone.now()
        subject.save(update_fields=["objected_at"])
    subject_objected.send(Subject, subject=subject)


@transaction.atomic
def lift(subject: Subject) -> None:
    """The person may be analysed again: they took their objection back, or it was declined."""
    subject.objected_at = None
    subject.save(update_fields=["objected_at"])
