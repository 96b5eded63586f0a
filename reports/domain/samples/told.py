"""What a prospect told us, as a text to keep."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain.lawful.choices import PURPOSES, REGIONS, SETTINGS
from accounts.models import Declaration
from reports.models import SampleRequest

WIDTH = 60


def written(sample: SampleRequest) -> str:
    """All that we hold of the prospect's own words and of when things happened; in the scope of the desk.

    Whoever has the link gets it, without a code: so the covering note, which goes with the report, stays out.
    """
    file = sample.recording or sample.document
    lines = [
        sample.organisation.name,
        _("Free sample analysis %s") % sample.reference,
        "=" * WIDTH,
        *_line(_("Name"), sample.name),
        *_line(_("E-mail"), sample.email),
        *_line(_("Company"), sample.company),
        *_line(_("What you want to learn"), sample.wish),
        *_line(_("Country"), sample.country),
        *_line(_("Region of the people in the recording"), REGIONS[sample.region].label),
        *_use(sample),
        *_line(_("File"), file.original_name if file else ""),
        "-" * WIDTH,
        *_line(_("We asked"), sample.question),
        *_line(_("You answered"), sample.answer),
        *_line(_("Why it was declined"), sample.reason),
        "-" * WIDTH,
        *_line(_("Asked for"), _time(sample.created_at)),
        *_line(_("Address confirmed"), _time(sample.confirmed_at)),
        *_line(_("File received"), _time(sample.received_at)),
        *_line(_("Due"), _day(sample.due_on)),
        *_line(_("Ended"), _time(sample.ended_at)),
        *_line(_("Will be erased on"), _day(sample.erase_on)),
        *_line(_("Erased"), _time(sample.erased_at)),
        *_line(_("Whom to ask"), sample.organisation.privacy_contact),
    ]
    return "\n".join(lines) + "\n"


def _use(sample: SampleRequest) -> list[str]:
    """The use that was declared of the recording."""
    used = Declaration.objects.filter(project=sample.project_id, ended_at=None)
    found: Declaration | None = used.first() if sample.project_id else None
    if found is None:
        return []
    return [
        *_line(_("What the recording is"), PURPOSES[found.purpose].label),
        *_line(_("Where it was made"), SETTINGS[found.setting].label),
        *_line(_("Responsible for this use"), found.confirmed_name),
    ]


def _line(name: str, value: object) -> list[str]:
    return [f"{name}: {value}"] if value else []


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _time(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M %Z}" if moment else ""
