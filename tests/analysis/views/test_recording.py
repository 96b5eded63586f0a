import re

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from analysis.enums import FINAL_STATES, RunState
from analysis.models import Recording, Run, SubjectNeutral
from echodepth.tenancy import every_tenant
from tests.analysis.conftest import stored_files
from tests.factories import SubjectFactory


def fresh(run):
    with every_tenant():
        return Run.objects.get(pk=run.pk)


def page_of(tenant, run, client=None):
    return (client or tenant.client()).get(tenant.address(f"recordings/{run.recording_id}/"))


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_an_unfinished_recording_shows_how_far_it_is(acme):
    run = acme.run(state=RunState.ANALYSING, frames_done=30, frames_total=120)
    page = page_of(acme, run)
    shown = text_of(page)
    assert "Analysing" in shown
    assert "30 of 120 frames" in shown
    assert f'data-run="{run.pk}"' in page.content.decode()
    assert acme.address(f"recordings/{run.recording_id}/cancel/") in page.content.decode()


def test_a_finished_recordings_page_is_its_result(acme):
    run = acme.run(state=RunState.DONE, finished_at=timezone.now())
    page = page_of(acme, run)
    assert page.status_code == 302
    assert page.url == acme.address(f"results/{run.pk}/")


def test_a_failed_recording_says_what_happened_and_what_to_do(acme):
    run = acme.run(state=RunState.FAILED, error_code="too_long", error_facts={"seconds": 90, "limit": 60})
    shown = text_of(page_of(acme, run))
    assert "The recording lasts 1 minute 30 seconds; the longest that is analysed is 1 minute." in shown
    assert "Cut it into parts" in shown
    assert "Run the analysis again" in shown
    assert "too_long" not in shown


def test_a_viewer_sees_no_buttons_they_may_not_press(acme):
    for state in (RunState.FAILED, RunState.ANALYSING):
        run = acme.run(state=state)
        content = page_of(acme, run, acme.client("viewer")).content.decode()
        assert not re.search(r"/(cancel|rerun|delete)/", content)


def test_the_code_of_an_attempt_that_will_be_repeated_is_not_shown(acme):
    run = acme.run(state=RunState.REQUESTED, error_code="storage_unavailable")
    assert "storage" not in text_of(page_of(acme, run)).lower()


def test_cancel(acme):
    run = acme.run(state=RunState.ANALYSING)
    answer = acme.client().post(acme.address(f"recordings/{run.recording_id}/cancel/"), follow=True)
    assert fresh(run).state == RunState.CANCELLED
    assert "The analysis of “Interview” was cancelled." in text_of(answer)


def test_cancelling_what_is_over_changes_nothing(acme):
    run = acme.run(state=RunState.FAILED, error_code="unreadable")
    answer = acme.client().post(acme.address(f"recordings/{run.recording_id}/cancel/"), follow=True)
    assert fresh(run).state == RunState.FAILED
    assert "was cancelled" not in text_of(answer)


@pytest.mark.parametrize("state", sorted(FINAL_STATES))
def test_rerun_requests_a_second_run(acme, state):
    run = acme.run(state=state)
    acme.client().post(acme.address(f"recordings/{run.recording_id}/rerun/"))
    with every_tenant():
        latest = Run.objects.filter(recording=run.recording_id).latest("requested_at")
    assert latest.pk != run.pk
    assert (latest.state, latest.requested_by, latest.media_facts) == (
        RunState.REQUESTED,
        acme.user,
        run.media_facts,
    )
    assert OrmQ.objects.count() == 1


def test_rerun_is_refused_while_a_run_is_under_way(acme):
    run = acme.run(state=RunState.SCORING)
    answer = acme.client().post(acme.address(f"recordings/{run.recording_id}/rerun/"))
    assert answer.status_code == 409
    assert "This recording is being analysed." in text_of(answer)
    with every_tenant():
        assert Run.objects.count() == 1


def latest(run):
    with every_tenant():
        return Run.objects.filter(recording=run.recording_id).latest("requested_at")


@pytest.mark.parametrize(
    ("sent", "told", "said"),
    [
        ({}, None, "Without the mark its neutral is estimated."),
        ({"neutral": "marked"}, (1.5, 3.0), "neutral from 1.5 to 3.0 seconds"),
    ],
)
def test_a_rerun_says_what_becomes_of_the_mark_and_does_it(acme, sent, told, said):
    run = acme.run(state=RunState.CANCELLED, neutral_start=1.5, neutral_end=3.0)

    assert said in text_of(page_of(acme, run))
    acme.client().post(acme.address(f"recordings/{run.recording_id}/rerun/"), sent)

    assert latest(run).neutral == told


def test_a_mark_without_a_usable_frame_is_not_offered_again(acme):
    run = acme.run(state=RunState.FAILED, error_code="neutral_unusable", neutral_start=1.5, neutral_end=3.0)

    shown = text_of(page_of(acme, run))
    assert "Run again without the mark" in shown
    assert "Run again with the mark" not in shown


def test_a_rerun_says_which_neutral_it_will_be_given(acme):
    subject = SubjectFactory(project=acme.project, label="Speaker 1")
    first, second = (
        acme.run(acme.recording(title, subject=subject), state=RunState.FAILED) for title in "AB"
    )
    with every_tenant():
        SubjectNeutral.objects.create(organisation=acme.organisation, subject=subject, run=first)

    assert "The new run is measured from the neutral kept for Speaker 1: from “A”" in text_of(
        page_of(acme, second)
    )
    acme.client().post(acme.address(f"recordings/{second.recording_id}/rerun/"))
    assert latest(second).kept_neutral.run == first


def test_deleting_says_whose_neutral_goes_with_it(acme):
    subject = SubjectFactory(project=acme.project, label="Speaker 1")
    run = acme.run(acme.recording(subject=subject), state=RunState.FAILED)
    address = acme.address(f"recordings/{run.recording_id}/delete/")
    assert "Speaker 1" not in text_of(acme.client().get(address))
    with every_tenant():
        SubjectNeutral.objects.create(organisation=acme.organisation, subject=subject, run=run)

    assert "The neutral kept for Speaker 1 comes from this recording." in text_of(acme.client().get(address))


def test_delete_erases_rows_and_objects(acme, other, storage):
    kept = other.run()
    run = acme.run(state=RunState.ANALYSING)
    answer = acme.client().post(acme.address(f"recordings/{run.recording_id}/delete/"), follow=True)
    assert "“Interview” and everything made from it was deleted." in text_of(answer)
    with every_tenant():
        assert list(Recording.objects.all()) == [kept.recording]
        assert list(Run.objects.all()) == [kept]
    assert stored_files(storage) == [kept.recording.storage_key]
    assert page_of(acme, run).status_code == 404


def test_a_marked_neutral_requests_a_run_that_is_measured_from_it(acme):
    run = acme.run(state=RunState.DONE, media_facts={"seconds": 20.0})
    address = acme.address(f"recordings/{run.recording_id}/neutral/")

    asked = acme.client().get(address)
    answer = acme.client().post(address, {"start": "1.5", "end": "3"}, follow=True)

    assert "The recording lasts 0:20" in text_of(asked)
    assert "will be analysed again from the marked neutral" in text_of(answer)
    with every_tenant():
        second = Run.objects.exclude(pk=run.pk).get()
    assert (second.neutral, second.state) == ((1.5, 3.0), RunState.REQUESTED)
    assert fresh(run).neutral is None


@pytest.mark.parametrize("facts", [{"seconds": 20.0, "start": 3600.0}, {"seconds": 20.0}, {}])
def test_a_stream_may_begin_late(acme, facts):
    run = acme.run(state=RunState.DONE, media_facts=facts)
    address = acme.address(f"recordings/{run.recording_id}/neutral/")

    answer = acme.client().post(address, {"start": "3605", "end": "3606"})

    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"start": "3", "end": "3"}, "This must be later than the beginning."),
        ({"start": "25", "end": "27"}, "The recording ends at 25.0 seconds."),
        ({"start": "-1", "end": "2"}, "greater than or equal to 0"),
        ({"start": "", "end": "2"}, "This field is required."),
        ({"start": "nan", "end": "2"}, "Enter a number."),
    ],
)
def test_a_stretch_that_is_none_is_refused(acme, given, said):
    run = acme.run(state=RunState.DONE, media_facts={"seconds": 20.0, "start": 5.0})

    answer = acme.client().post(acme.address(f"recordings/{run.recording_id}/neutral/"), given)

    assert answer.status_code == 400
    assert said in text_of(answer)
    with every_tenant():
        assert Run.objects.count() == 1


def test_where_no_neutral_was_found_another_stretch_can_be_marked(acme):
    marked = {"neutral_start": 1.0, "neutral_end": 2.0}
    run = acme.run(state=RunState.FAILED, error_code="neutral_unusable", error_facts={"start": 1.0}, **marked)

    shown = text_of(page_of(acme, run))

    assert "No usable neutral face was found where one was said to be." in shown
    assert "Mark another neutral face" in shown
