"""The queue: what a row's clock says, and what a recording's quality is told as."""

from datetime import date

import pytest

from echodepth.tenancy import tenant
from reports.domain.samples import listing
from reports.domain.samples.listing import Clock, Filters
from reports.enums import SampleStage, SampleState
from tests.factories import (
    ProjectFactory,
    RecordingFactory,
    RunFactory,
    SampleRequestFactory,
    UserFactory,
)
from tests.support.samples import desk
from tests.support.tenants import save

TODAY = date(2026, 12, 24)
"""A Thursday; in England the 25th and the 28th are holidays."""


@pytest.fixture
def organisation(db):
    return desk()


def sample(organisation, **fields):
    return SampleRequestFactory(project=ProjectFactory(organisation=organisation), **fields)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 12, 23), Clock("1 working day late", "pill--bad")),
        (date(2026, 12, 18), Clock("4 working days late", "pill--bad")),
        (date(2026, 12, 24), Clock("Due today", "pill--warn")),
        (date(2026, 12, 29), Clock("1 working day left", "pill--warn")),
        (date(2026, 12, 31), Clock("3 working days left")),
    ],
)
def test_a_clock_counts_the_prospects_working_days(organisation, due, said):
    found = sample(organisation, state=SampleState.RECEIVED, due_on=due, country="GB")

    assert listing.clock_of(found, TODAY) == said
    assert said.is_late == (due < TODAY)


def test_what_is_overdue_since_a_holiday_is_late_all_the_same(organisation):
    found = sample(organisation, state=SampleState.RECEIVED, due_on=date(2026, 12, 24), country="GB")

    assert listing.clock_of(found, date(2026, 12, 25)) == Clock("1 working day late", "pill--bad")


@pytest.mark.parametrize(("state", "words"), [("asked", "Stopped"), ("open", None), ("delivered", None)])
def test_a_clock_that_does_not_run(organisation, state, words):
    clock = listing.clock_of(sample(organisation, state=state, due_on=TODAY), TODAY)

    assert (clock.words if clock else None) == words


def test_rows_tell_of_the_latest_analysis(organisation):
    found = sample(organisation, state=SampleState.RECEIVED, due_on=TODAY)
    recording = RecordingFactory(project=found.project)
    save(found, recording=recording)
    RunFactory(recording=recording, state="failed")
    facts = {"media_facts": {"seconds": 60.0}, "summary": {"scored_seconds": 61.0, "tracks": 1}}
    latest = RunFactory(recording=recording, state="done", **facts)

    with tenant(organisation.pk):
        row = listing.row_of(found, TODAY)

    assert (row.run, row.measured, row.stage) == (latest, 100, SampleStage.IN_REVIEW)
    assert [flag.code for flag in row.flags] == []


def test_people_at_the_desk_alone_may_own_a_request(organisation):
    names = [UserFactory(platform_role=role).platform_role for role in ("sales", "admin", "support", "")]
    UserFactory(platform_role="sales", is_active=False)

    assert sorted(user.platform_role for user in listing.people()) == sorted(names[:2])


def test_tags_and_choices(organisation):
    sample(organisation, tags=["b", "a"])
    sample(organisation, tags=["a"], state="received")
    sample(organisation, tags=["old"], state="declined")

    with tenant(organisation.pk):
        assert listing.tags() == ["a", "b"]
    values = [value for value, _label in listing.choices()]
    assert len(values) == len(set(values))
    assert {"", "all", "today", *SampleState, *SampleStage} == set(values)
    assert Filters().is_empty
    assert not Filters(tag="a").is_empty
