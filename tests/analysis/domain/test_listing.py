from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.domain import listing
from analysis.enums import Progress, RunState
from analysis.models import Run
from echodepth.tenancy import tenant
from tests import factories


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def requested(run, ago):
    Run.objects.filter(pk=run.pk).update(requested_at=timezone.now() - timedelta(minutes=ago))
    return run


def test_the_latest_run_speaks_for_its_recording(scoped):
    recording = scoped.recording()
    latest = requested(scoped.run(recording, state=RunState.FAILED), 1)
    requested(scoped.run(recording, state=RunState.DONE), 9)
    (found,) = listing.latest_runs(listing.recordings())
    assert found == latest
    assert found.recording == recording
    assert listing.latest_run(recording) == latest
    assert not listing.recordings(progress=Progress.DONE).exists()
    assert listing.recordings(progress=Progress.FAILED).get() == recording


@pytest.mark.parametrize("state", RunState)
def test_every_state_is_in_one_group(scoped, state):
    scoped.run(state=state)
    groups = [group for group in Progress if listing.recordings(progress=group).exists()]
    assert len(groups) == 1


def test_recordings_are_filtered_by_project_and_stand_newest_first(scoped, other):
    project = factories.ProjectFactory(organisation=scoped.organisation)
    first, second = scoped.run().recording, scoped.run().recording
    third = scoped.run(factories.RecordingFactory(project=project)).recording
    other.run()
    assert list(listing.recordings()) == [third, second, first]
    assert list(listing.recordings(project.pk)) == [third]


def test_runs_of_a_page_come_with_one_query(scoped, django_assert_num_queries):
    for _ in range(5):
        scoped.run(scoped.recording())
    with django_assert_num_queries(2):
        runs = listing.latest_runs(listing.recordings())
        assert {run.recording.project.name for run in runs} == {"acme interviews"}
    assert len(runs) == 5


def test_a_recording_that_waits_stands_in_the_list_too(scoped):
    recording = scoped.recording("Waits", analysis_wanted=True, media_facts={"seconds": 61})
    analysed = scoped.run(scoped.recording("Analysed"))

    listed = listing.latest_runs(listing.recordings())

    assert [(run.recording.title, run.is_held_back) for run in listed] == [
        ("Analysed", False),
        ("Waits", True),
    ]
    assert listed[1].media_facts == {"seconds": 61}
    assert listing.latest_run(recording).is_held_back
    assert listing.recordings(progress=Progress.HELD_BACK).get() == recording
    assert listing.recordings(progress=Progress.UNFINISHED).get() == analysed.recording
