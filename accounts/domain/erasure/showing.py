"""Erasures in the words of pages and certificates."""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.domain.erasure.certificates import PRODUCT, Verdict
from accounts.enums import DataClass, ErasureReason
from accounts.models import Erasure

KINDS = {
    "recording": gettext_lazy("Recording"),
    "document": gettext_lazy("Document"),
    "run": gettext_lazy("Analysis"),
    "subject": gettext_lazy("Person"),
    "project": gettext_lazy("Project"),
    "consent": gettext_lazy("Consent record"),
    "rights_request": gettext_lazy("Copy of personal data"),
    "organisation": gettext_lazy("Organisation"),
}
THINGS = KINDS | {
    "media": gettext_lazy("Media file"),
    "media left over": gettext_lazy("Parts and older versions of media"),
    "document file": gettext_lazy("Document file"),
    "frame table": gettext_lazy("Frame table"),
    "result": gettext_lazy("Findings"),
    "report": gettext_lazy("Report"),
    "report file": gettext_lazy("Report file"),
    "review": gettext_lazy("Review"),
    "face geometry": gettext_lazy("Face geometry"),
    "segment rows": gettext_lazy("Segments of an analysis"),
    "queue task": gettext_lazy("Task in the queue"),
    "name beside the audit trail": gettext_lazy("Name beside the audit trail"),
    "upload": gettext_lazy("Note of an upload"),
    "notice": gettext_lazy("Record of a notice"),
    "subjectneutral": gettext_lazy("Kept neutral"),
    "trackassignment": gettext_lazy("Assignment of a face"),
    "privacytext": gettext_lazy("Text for people"),
    "declaration": gettext_lazy("Declaration of use"),
    "retentionpolicy": gettext_lazy("Retention policy"),
    "rightsrequest": gettext_lazy("Request by right"),
    "left in storage": gettext_lazy("Left in storage"),
}
_SENTENCES = {
    Verdict.VALID: gettext_lazy("Valid: it says what this installation signed."),
    Verdict.CHANGED: gettext_lazy("Not valid: it is not what was signed. Something in it was changed."),
    Verdict.UNKNOWN_KEY: gettext_lazy(
        "Not known: the signature fits what it says, but another installation made it, or this one under a "
        "key that is gone."
    ),
    Verdict.UNREADABLE: gettext_lazy("This is no certificate of erasure."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a certificate says, for who reads it."""

    number: str
    what: str
    object_id: str
    reason: str
    policy: str
    asked_by: str
    finished_at: datetime | None
    backups_until: datetime | None
    counts: list[tuple[str, int]]
    versions: int


def what(erasure: Erasure) -> str:
    """What is erased, in words: `Recording`, or `Recording: Frame tables`."""
    return _what(erasure.kind, erasure.data_class)


def sentence(verdict: Verdict) -> str:
    """What a look at a certificate says."""
    return str(_SENTENCES[verdict])


def thing(kind: str) -> str:
    return str(THINGS.get(kind, kind))


def told(document: object, verdict: Verdict) -> Told | None:
    """What a certificate says that this installation signed; None of any other.

    Anybody can sign a text of their own with a key of their own: this page does not say it for them.
    """
    if verdict != Verdict.VALID or not isinstance(document, dict):
        return None
    return of_body(document["body"])


def of_body(body: dict[str, Any]) -> Told:
    """Raises nothing for a body that was signed by another installation, whatever it holds."""
    erased, policy = _dict(body.get("erased")), _dict(body.get("policy"))
    reason, asker = str(body.get("reason", "")), str(body.get("asked_by", ""))
    return Told(
        number=str(body.get("certificate", "")),
        what=_what(str(erased.get("kind", "")), str(erased.get("data_class", ""))),
        object_id=str(erased.get("id", "")),
        reason=str(ErasureReason(reason).label) if reason in ErasureReason.values else reason,
        policy="; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in policy.items()),
        asked_by=_("EchoDepth itself, or the person at their link") if asker == PRODUCT else asker,
        finished_at=_moment(body.get("finished_at")),
        backups_until=_moment(body.get("backups_until")),
        counts=[(thing(str(kind)), count) for kind, count in _dict(body.get("counts")).items()],
        versions=body.get("versions", 0),
    )


def _what(kind: str, data_class: str) -> str:
    named = str(KINDS.get(kind, kind))
    if data_class in DataClass.values:
        return f"{named}: {DataClass(data_class).label}"
    return named


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _moment(value: object) -> datetime | None:
    """In UTC; None of what is no moment, or none that a page could show in its own time zone."""
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
        return found.astimezone(UTC) if found and MINYEAR < found.year < MAXYEAR else None
    except (ValueError, OverflowError):
        return None
