"""How long each class of data may be kept: the platform's defaults, and between what tenants choose."""

from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.enums import DataClass, RetentionStart

UPLOAD, REPORT, INTERACTION = RetentionStart.UPLOAD, RetentionStart.REPORT, RetentionStart.INTERACTION
PERSON: Final = (UPLOAD, REPORT, INTERACTION)
"""What tells of a person may be counted from any of these."""
BIOMETRIC: Final = frozenset(
    {DataClass.MEDIA, DataClass.FRAMES, DataClass.FINDINGS, DataClass.REPORTS, DataClass.GEOMETRY}
)
"""Classes that show a person's face, or are measured from it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What the platform says of one class; days are whole days of 24 hours."""

    days: int
    """Where nobody chose."""
    least: int
    most: int
    counted_from: RetentionStart
    """Where nobody chose."""
    starts: tuple[RetentionStart, ...]
    """Among which a tenant chooses; the first alone where there is one."""
    what: str | Promise
    """What belongs to the class."""
    noticed: bool = True
    """Whether members are told before it is erased."""
    chosen: bool = True
    """Whether tenants choose; else the platform's days hold for everybody."""


LIMITS: Final[dict[DataClass, Limit]] = {
    DataClass.MEDIA: Limit(365, 1, 3650, UPLOAD, PERSON, _("The uploaded recordings themselves.")),
    DataClass.FRAMES: Limit(
        365, 1, 3650, UPLOAD, PERSON, _("What was measured in each frame: Action Units, head pose, gaze.")
    ),
    DataClass.FINDINGS: Limit(
        1095, 1, 3650, INTERACTION, PERSON, _("Results: events, emotion displays, signals, kept neutrals.")
    ),
    DataClass.REPORTS: Limit(1095, 1, 3650, REPORT, PERSON, _("Reports as PDF, and their reviews.")),
    DataClass.DOCUMENTS: Limit(365, 1, 3650, UPLOAD, (UPLOAD,), _("Documents kept beside recordings.")),
    DataClass.CONSENTS: Limit(
        1095, 30, 3650, UPLOAD, (UPLOAD,), _("Who agreed to what, when and how: the proof of consent.")
    ),
    DataClass.LOGS: Limit(
        730, 180, 3650, UPLOAD, (UPLOAD,), _("Who did what, and when, in this organisation."), noticed=False
    ),
    DataClass.GEOMETRY: Limit(
        7,
        1,
        7,
        UPLOAD,
        (UPLOAD,),
        _("Face landmarks between the two steps of an analysis; they go when it ends, at the latest then."),
        noticed=False,
        chosen=False,
    ),
    DataClass.EXPORTS: Limit(
        30,
        1,
        90,
        UPLOAD,
        (UPLOAD,),
        _("Copies of their data for people who asked for them; files of everything, for owners."),
        noticed=False,
    ),
}


def of(data_class: DataClass) -> Limit:
    """The class's limit, as the platform's settings have changed it."""
    own = LIMITS[data_class]
    if data_class == DataClass.GEOMETRY:
        return replace(own, days=settings.ASSIGNING_DAYS, most=settings.ASSIGNING_DAYS)
    most = settings.RETENTION_MOST_DAYS.get(str(data_class), own.most)
    least = min(own.least, most)
    days = settings.RETENTION_DAYS.get(str(data_class), own.days)
    return replace(own, days=min(max(days, least), most), least=least, most=most)


def start_words(data_class: DataClass, start: RetentionStart) -> str | Promise:
    """From what the days of this class are counted, for a sentence such as "365 days after ..."."""
    if start == UPLOAD:
        return {
            DataClass.CONSENTS: _(
                "the end of its term, its withdrawal, or the end of its link where it was not answered"
            ),
            DataClass.LOGS: _("the event"),
            DataClass.EXPORTS: _("its making"),
            DataClass.GEOMETRY: _("the analysis began"),
        }.get(data_class, _("the upload"))
    return _("the last report") if start == REPORT else _("the person's last interaction")


def words(days: int, start: str) -> str:
    """Such as "365 days after the upload"."""
    told = ngettext("%(days)d day after %(start)s", "%(days)d days after %(start)s", days)
    return told % {"days": days, "start": start}
