"""Reading leaves a trace too: one record each time a page or an answer shows what is personal."""

from django.db.models import Model

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record


def list_read(name: str, of: Model | None = None, *, rows: int) -> None:
    """A list of people or of what is theirs was shown, `rows` entries of it; `of` is what it is part of."""
    record(AuditAction.LIST_READ, of, list=name, rows=rows)


def subject_opened(subject: Model) -> None:
    """The page of what is declared of a subject."""
    record(AuditAction.SUBJECT_VIEWED, subject)


def recording_opened(recording: Model) -> None:
    """The page that says what a recording is and how far its analysis; polling how far does not count."""
    record(AuditAction.RECORDING_VIEWED, recording)


def result_opened(run: Model) -> None:
    """What was measured of a person was shown."""
    record(AuditAction.RESULT_VIEWED, run)
