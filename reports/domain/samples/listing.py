"""The desk's queue: which requests there are, in the order in which they are due, and what a row says."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, User
from accounts.permissions import DESK_ROLES
from analysis.models import Run
from reports.domain.samples import flags, stages, working_days
from reports.domain.samples.flags import Flag
from reports.enums import SampleStage, SampleState
from reports.models import SampleRequest

WORK = frozenset({SampleState.OPEN, SampleState.RECEIVED, SampleState.ASKED})
"""States in which something is still to be done, by the prospect or by the desk."""
ALL = "all"
TODAY = "today"
MINE = "me"
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; the words are those of the page's address."""

    state: str = ""
    """A state, a stage, `today` for what is due, `all`, or nothing for what is still to be done."""
    owner: str = ""
    """The key of a user, `me`, `none`, or nothing for everybody's."""
    tag: str = ""
    overdue: bool = False
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filters()


@dataclass(frozen=True, slots=True)
class Clock:
    """How a request's promise stands, in words and as the class of a state pill."""

    words: str
    pill: str = ""

    @property
    def is_late(self) -> bool:
        return self.pill == "pill--bad"


@dataclass(frozen=True, slots=True)
class Row:
    sample: SampleRequest
    stage: SampleStage | None
    clock: Clock | None
    """None where no promise runs: before the file is there, and when all is over."""
    run: Run | None
    """The latest analysis, once there is one."""
    measured: int | None
    """Per cent of the recording in which the person could be measured."""
    flags: Sequence[Flag]


def queue(filters: Filters, user: User, organisation: Organisation) -> "QuerySet[SampleRequest]":
    """The requests, the next due first and those without a due date after them, oldest first."""
    found = _of_state(stages.with_stage(SampleRequest.objects.all()), filters.state, organisation)
    if filters.owner == MINE:
        found = found.filter(owner=user)
    elif filters.owner == NOBODY:
        found = found.filter(owner=None)
    elif filters.owner:
        found = found.filter(owner_id=_number(filters.owner))
    if filters.tag:
        found = found.annotate(tag_words=Cast("tags", TextField())).filter(_tagged(filters.tag))
    if filters.overdue:
        found = found.filter(stages.overdue(organisation))
    if filters.text:
        found = found.filter(_named(filters.text))
    return found.select_related("owner", "organisation").order_by(
        F("due_on").asc(nulls_last=True), "created_at", "pk"
    )


def rows(listed: Iterable[SampleRequest], today: date) -> list[Row]:
    """What the queue says of these requests of `queue`; as many queries for one as for fifty."""
    samples = list(listed)
    keys = [sample.run_id for sample in samples]  # type: ignore[attr-defined]
    runs = Run.objects.in_bulk([key for key in keys if key])
    latest = {run.recording_id: run for run in runs.values()}
    found = flags.of_all(samples, latest)
    return [_row(sample, latest, found.get(sample.pk, []), today) for sample in samples]


def row_of(sample: SampleRequest, today: date) -> Row:
    """The same of one request."""
    found = stages.with_stage(SampleRequest.objects.filter(pk=sample.pk))
    return rows(found.select_related("owner"), today)[0]


def clock_of(sample: SampleRequest, today: date) -> Clock | None:
    """The promise in words: working days count in the prospect's country."""
    if sample.state == SampleState.ASKED:
        return Clock(_("Stopped"))
    if sample.state != SampleState.RECEIVED or sample.due_on is None:
        return None
    days = working_days.between(today, sample.due_on, sample.country)
    if sample.due_on < today:
        late = max(-days, 1)
        return Clock(ngettext("%d working day late", "%d working days late", late) % late, "pill--bad")
    if sample.due_on == today:
        return Clock(_("Due today"), "pill--warn")
    words = ngettext("%d working day left", "%d working days left", days) % days
    return Clock(words, "pill--warn" if days <= stages.DUE_SOON else "")


def counts(organisation: Organisation) -> Counter[str]:
    """The numbers above the queue, by state, stage, and what the clock says; one query."""
    today, found = stages.today(organisation), Counter[str]()
    work = stages.with_stage(SampleRequest.objects.filter(state__in=WORK))
    for state, stage, due, owner in work.values_list("state", "stage", "due_on", "owner"):
        is_due = state == SampleState.RECEIVED and due is not None
        marks = {
            "overdue": is_due and due < today,
            "today": is_due and due == today,
            "unowned": owner is None,
        }
        found.update([str(state), str(stage), *(name for name, holds in marks.items() if holds)])
    return found


def people() -> list[User]:
    """Who works at the desk, and may own a request."""
    return list(User.objects.filter(platform_role__in=DESK_ROLES, is_active=True).order_by("full_name", "pk"))


def tags() -> list[str]:
    """Every tag of the requests that are still to be done, sorted."""
    told = SampleRequest.objects.filter(state__in=WORK).exclude(tags=[]).values_list("tags", flat=True)
    return sorted({tag for several in told for tag in several})


def choices() -> list[tuple[str, str | Promise]]:
    """What the queue may be narrowed to by state: everything open, a part of it, one state, or all."""
    work = [("", _("Still to be done")), (TODAY, _("Due today"))]
    return [*work, *SampleStage.choices, *SampleState.choices, (ALL, _("All requests"))]


def _of_state(
    found: "QuerySet[SampleRequest]", state: str, organisation: Organisation
) -> "QuerySet[SampleRequest]":
    if state == TODAY:
        return found.filter(state=SampleState.RECEIVED, due_on=stages.today(organisation))
    if state in SampleStage:
        return found.filter(stage=state)  # type: ignore[misc]
    if state in SampleState:
        return found.filter(state=state)
    return found if state == ALL else found.filter(state__in=WORK)


def _tagged(tag: str) -> Q:
    """Databases keep JSON's letters beyond ASCII as they are, or escaped."""
    word = tag.lower()
    plain, escaped = json.dumps(word, ensure_ascii=False), json.dumps(word)
    return Q(tag_words__contains=plain) | Q(tag_words__contains=escaped)


def _named(text: str) -> Q:
    fields = ("reference", "name", "email", "company")
    found = Q()
    for name in fields:
        found |= Q(**{f"{name}__icontains": text})
    return found


def _number(text: str) -> int | None:
    """A user's key; nobody has 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _row(sample: SampleRequest, latest: dict[UUID, Run], found: Sequence[Flag], today: date) -> Row:
    run = latest.get(sample.recording_id) if sample.recording_id else None
    return Row(sample, stages.stage_of(sample), clock_of(sample, today), run, _measured(run), found)


def _measured(run: Run | None) -> int | None:
    """Per cent of the seconds of a recording that could be scored; None before that is known."""
    if run is None or not run.summary or not run.media_facts.get("seconds"):
        return None
    share: float = run.summary.get("scored_seconds", 0.0) / run.media_facts["seconds"]
    return min(100, round(100 * share))
