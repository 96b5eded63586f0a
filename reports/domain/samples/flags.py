"""What somebody at the desk should see about a request beside its clock and its stage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Value
from django.db.models.functions import Lower, StrIndex, Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analysis.models import Run
from reports.domain.samples import free_mail
from reports.models import SampleRequest

LEAST_MEASURED = 0.5
"""Below this share of a recording's seconds in which its person could be measured, its quality is poor."""


@dataclass(frozen=True, slots=True)
class Flag:
    code: str
    label: str | Promise
    is_bad: bool
    """Whether somebody has to do something about it."""


def of_all(samples: Sequence[SampleRequest], runs: Mapping[UUID, Run]) -> dict[UUID, list[Flag]]:
    """The flags of requests, given their recordings' latest runs; in the scope of the desk, one query."""
    before = _asked_before(samples)
    return {
        sample.pk: [
            *_of_run(runs.get(sample.recording_id) if sample.recording_id else None),
            *_of_prospect(sample, is_known=sample.pk in before),
        ]
        for sample in samples
    }


def is_poor(run: Run) -> bool:
    """Whether little of the recording could be measured; not before that is known."""
    seconds = run.media_facts.get("seconds")
    if not run.summary or not seconds:
        return False
    return bool(run.summary.get("scored_seconds", 0.0) < LEAST_MEASURED * seconds)


def _of_run(run: Run | None) -> Iterator[Flag]:
    if run is None:
        return
    if is_poor(run):
        yield Flag("poor_quality", _("Little of it could be measured"), True)
    if max(run.summary.get("tracks", 0), len(run.people)) > 1:
        yield Flag("several_people", _("Several people"), False)


def _of_prospect(sample: SampleRequest, *, is_known: bool) -> Iterator[Flag]:
    if free_mail.is_free(sample.email):
        yield Flag("free_mail", _("Address of a free mail service"), False)
    if is_known:
        yield Flag("asked_before", _("The company asked before"), False)


def _asked_before(samples: Sequence[SampleRequest]) -> set[UUID]:
    """Those of whose company an earlier request is still known: by its name, or by its address's domain."""
    wanted: dict[str, set[str]] = {"company": set(), "domain": set()}
    for kind, value in (mark for sample in samples for mark in _marks(sample)):
        wanted[kind].add(value)
    if not any(wanted.values()):
        return set()
    known = SampleRequest.objects.annotate(
        named=Lower("company"), domain=Lower(Substr("email", StrIndex("email", Value("@")) + 1))
    ).filter(Q(named__in=wanted["company"]) | Q(domain__in=wanted["domain"]))
    first: dict[tuple[str, str], UUID] = {}
    for row in known.order_by("created_at", "pk").only("company", "email"):
        for mark in _marks(row):
            first.setdefault(mark, row.pk)
    return {
        sample.pk
        for sample in samples
        if any(first.get(mark) not in (None, sample.pk) for mark in _marks(sample))
    }


def _marks(sample: SampleRequest) -> Iterator[tuple[str, str]]:
    """By what a company is known again."""
    company, domain = " ".join(sample.company.lower().split()), free_mail.domain_of(sample.email)
    if company:
        yield "company", company
    if domain and domain not in free_mail.DOMAINS:
        yield "domain", domain
