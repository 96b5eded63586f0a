"""What happened to a request, in order: told from the request, its analyses and their reviews."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from analysis.enums import RunState
from analysis.models import Run
from reports.enums import ReviewOutcome, SampleState
from reports.models import Report, Review, SampleRequest


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    words: str
    more: str = ""


def of(sample: SampleRequest) -> list[Event]:
    """Everything that happened, oldest first; in the scope of the desk."""
    found = [*_asked(sample), *_pauses(sample), *_analyses(sample), *_reviews(sample), *_ended(sample)]
    return sorted(found, key=lambda event: event.at)


def report_of(run: Run | None) -> Report | None:
    """The report of an analysis, in whatever state."""
    found: Report | None = Report.objects.filter(run=run).first() if run else None
    return found


def _asked(sample: SampleRequest) -> Iterator[Event]:
    entered = _("Entered by the desk") if sample.entered_by_id else _("Asked for at the public page")
    yield Event(sample.created_at, entered)
    if sample.confirmed_at:
        yield Event(sample.confirmed_at, _("E-mail address confirmed"))
    if sample.received_at:
        yield Event(sample.received_at, _("File received: the working days run"))


def _pauses(sample: SampleRequest) -> Iterator[Event]:
    for start, end in sample.pauses:
        yield Event(datetime.fromisoformat(start), _("Asked the prospect: the clock stands"))
        yield Event(datetime.fromisoformat(end), _("Answered: the clock goes on"))
    if sample.paused_at:
        yield Event(sample.paused_at, _("Asked the prospect: the clock stands"))


def _analyses(sample: SampleRequest) -> Iterator[Event]:
    for run in Run.objects.filter(recording=sample.recording_id) if sample.recording_id else ():
        yield Event(run.requested_at, _("Analysis begun"))
        if run.finished_at:
            yield Event(run.finished_at, _("Analysis ended"), str(RunState(run.state).label))


def _reviews(sample: SampleRequest) -> Iterator[Event]:
    if not sample.recording_id:
        return
    for review in Review.objects.filter(report__run__recording=sample.recording_id):
        signed = review.outcome == ReviewOutcome.SIGNED
        words = _("Report signed by %(name)s") if signed else _("Draft sent back by %(name)s")
        yield Event(review.reviewed_at, words % {"name": review.name}, review.remarks)


def _ended(sample: SampleRequest) -> Iterator[Event]:
    if sample.delivered_at:
        yield Event(sample.delivered_at, _("Report delivered"))
    state = SampleState(sample.state)
    if sample.ended_at and state in (SampleState.DECLINED, SampleState.WITHDRAWN):
        yield Event(sample.ended_at, str(state.label))
    if sample.erased_at:
        yield Event(sample.erased_at, _("Everything erased"))
