import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from accounts.enums import Role
from analysis.enums import FINAL_STATES, RunState
from analysis.models import Recording, Run, SubjectNeutral
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files
from tests.factories import DeclarationFactory, ProjectFactory, SubjectFactory
from tests.support.erasing import erase_all
from tests.support.tenants import every, fresh
from tests.support.work import see_workers


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
    with tenant(acme.organisation.pk):
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
    assert len(every(Run)) == 1


def latest(run):
    with tenant(run.organisation_id):
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
    with tenant(acme.organisation.pk):
        SubjectNeutral.objects.create(organisation=acme.organisation, subject=subject, run=first)

    assert "The new run is measured from the neutral kept for Speaker 1: from “A”" in text_of(
        page_of(acme, second)
    )
    acme.client().post(acme.address(f"recordings/{second.recording_id}/rerun/"))
    with tenant(acme.organisation.pk):
        assert latest(second).kept_neutral.run == first


def test_deleting_says_whose_neutral_goes_with_it(acme):
    subject = SubjectFactory(project=acme.project, label="Speaker 1")
    run = acme.run(acme.recording(subject=subject), state=RunState.FAILED)
    address = acme.address(f"recordings/{run.recording_id}/delete/")
    assert "Speaker 1" not in text_of(acme.client().get(address))
    with tenant(acme.organisation.pk):
        SubjectNeutral.objects.create(organisation=acme.organisation, subject=subject, run=run)

    assert "The neutral kept for Speaker 1 comes from this recording." in text_of(acme.client().get(address))


def test_delete_erases_rows_and_objects(acme, other, storage):
    kept = other.run()
    run = acme.run(state=RunState.ANALYSING)
    answer = acme.client().post(acme.address(f"recordings/{run.recording_id}/delete/"), follow=True)
    assert "“Interview” and everything made from it is being erased." in text_of(answer)
    assert page_of(acme, run).status_code == 404
    assert text_of(answer).count("Interview") == 1
    with tenant(acme.organisation.pk):
        erase_all()
    assert every(Recording) == [kept.recording]
    assert every(Run) == [kept]
    assert stored_files(storage) == [kept.recording.storage_key]
    assert page_of(acme, run).status_code == 404


def test_a_marked_neutral_requests_a_run_that_is_measured_from_it(acme):
    run = acme.run(state=RunState.DONE, media_facts={"seconds": 20.0})
    address = acme.address(f"recordings/{run.recording_id}/neutral/")

    asked = acme.client().get(address)
    answer = acme.client().post(address, {"start": "1.5", "end": "3"}, follow=True)

    assert "The recording lasts 0:20" in text_of(asked)
    assert "will be analysed again from the marked neutral" in text_of(answer)
    with tenant(acme.organisation.pk):
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
    assert len(every(Run)) == 1


def test_where_no_neutral_was_found_another_stretch_can_be_marked(acme):
    marked = {"neutral_start": 1.0, "neutral_end": 2.0}
    run = acme.run(state=RunState.FAILED, error_code="neutral_unusable", error_facts={"start": 1.0}, **marked)

    shown = text_of(page_of(acme, run))

    assert "No usable neutral face was found where one was said to be." in shown
    assert "Mark another neutral face" in shown


def analysing(place, seconds):
    """A run of 4000 frames, a quarter of which took so long."""
    now = timezone.now()
    return place.run(
        state=RunState.ANALYSING,
        frames_done=1000,
        frames_total=4000,
        analysing_since=now - timedelta(seconds=seconds),
        lease_until=now + timedelta(seconds=60),
    )


def test_the_time_left_is_shown_and_kept_up_to_date(acme):
    see_workers(1)
    run = analysing(acme, 99)
    assert "about 5 minutes of analysing left" in text_of(page_of(acme, run))
    (polled,) = acme.client().get(acme.address("progress/"), {"run": [run.pk]}).json()["runs"]
    assert "about 5 minutes of analysing left" in polled["state"]
    assert "about 5 minutes of analysing left" in text_of(acme.client().get(acme.address()))


def test_no_time_left_is_shown_before_there_is_evidence(acme):
    see_workers(1)
    assert "left" not in text_of(page_of(acme, analysing(acme, 5)))


def test_a_run_that_no_worker_takes_says_so(acme):
    run = acme.run()
    see_workers()
    assert "Waiting for a worker: none is running now." in text_of(page_of(acme, run))
    see_workers(1)
    shown = text_of(page_of(acme, run))
    assert "none is running" not in shown
    assert "Waiting for its turn" in shown


def test_the_earlier_results_stay_in_reach(acme, other):
    recording = acme.recording()
    old = acme.run(recording, state=RunState.DONE, engine_version="7", finished_at=timezone.now())
    failed = acme.run(recording, state=RunState.FAILED, error_code="internal_error")
    theirs = other.run(state=RunState.DONE, engine_version="6")
    new = acme.run(recording, state=RunState.REQUESTED)
    page = page_of(acme, new)
    listed = page.content.decode().split('id="analyses"')[1]
    assert f'href="{acme.address(f"results/{old.pk}/")}"' in listed
    assert "<td>7</td>" in listed
    assert "<td>6</td>" not in listed
    assert str(theirs.pk) not in listed
    assert str(failed.pk) not in listed
    assert listed.count('<th scope="row">') == 3


def test_a_single_analysis_needs_no_list(acme):
    assert 'id="analyses"' not in page_of(acme, acme.run()).content.decode()


class TestMissing:
    """What an analysis waits for stands on the recording's page, each with the way to it."""

    USE = {"purpose": "sales_meeting", "setting": "online_meeting", "region": "uk"}

    @pytest.fixture
    def undeclared(self, acme):
        acme.project = ProjectFactory(organisation=acme.organisation, declared=False)
        return acme

    def page(self, place, recording, role=Role.ANALYST):
        return place.client(role).get(place.address(f"recordings/{recording.pk}/")).content.decode()

    def test_a_recording_that_waits_says_for_what(self, undeclared):
        recording = undeclared.recording(analysis_wanted=True, media_facts={"seconds": 61})

        page = self.page(undeclared, recording)

        assert 'data-missing="declaration_missing"' in page
        assert undeclared.address(f"projects/{undeclared.project.pk}/use/new/") in page
        assert "The analysis begins by itself" in page
        assert "1:01" in page
        assert "/rerun/" not in page
        assert "data-run=" not in page

    def test_who_may_not_declare_is_told_that_somebody_else_does(self, undeclared):
        page = self.page(undeclared, undeclared.recording(analysis_wanted=True), Role.VIEWER)

        assert "Somebody with another role does this." in page
        assert "/use/new/" not in page

    def test_the_subject_is_said_on_the_page_itself(self, undeclared):
        DeclarationFactory(project=undeclared.project, **self.USE)
        recording = undeclared.recording(analysis_wanted=True)
        subject = SubjectFactory(project=undeclared.project, label="P-07")
        SubjectFactory(project=ProjectFactory(organisation=undeclared.organisation), label="Elsewhere")
        page = self.page(undeclared, recording)
        assert 'data-missing="subject_missing"' in page
        assert "P-07" in page
        assert "Elsewhere" not in page

        undeclared.client().post(
            undeclared.address(f"recordings/{recording.pk}/subject/"), {"subject": "P-07"}
        )

        assert fresh(recording).subject_id == subject.pk
        codes = re.findall(r'data-missing="(\w+)"', self.page(undeclared, recording))
        assert codes == ["role_missing", "consent_missing", "notice_missing"]

    def test_the_subject_is_said_once(self, acme):
        first = SubjectFactory(project=acme.project, label="P-01")
        recording = acme.recording(subject=first)

        answer = acme.client().post(acme.address(f"recordings/{recording.pk}/subject/"), {"subject": "P-02"})

        assert answer.status_code == 409
        assert "It is said already who is in this recording" in answer.content.decode()
        assert fresh(recording).subject_id == first.pk

    def test_an_empty_label_changes_nothing(self, undeclared):
        recording = undeclared.recording(analysis_wanted=True)

        undeclared.client().post(undeclared.address(f"recordings/{recording.pk}/subject/"), {"subject": " "})

        assert fresh(recording).subject is None

    def test_once_nothing_is_missing_it_can_be_asked_for(self, acme):
        recording = acme.recording()

        page = self.page(acme, recording)

        assert "This recording was not analysed yet" in page
        acme.client().post(acme.address(f"recordings/{recording.pk}/rerun/"))
        assert [run.state for run in every(Run)] == [RunState.REQUESTED]

    def test_a_failed_one_is_not_run_again_while_something_is_missing(self, undeclared):
        run = undeclared.run(state=RunState.FAILED, error_code="unreadable")

        page = self.page(undeclared, run.recording)
        answer = undeclared.client().post(undeclared.address(f"recordings/{run.recording_id}/rerun/"))

        assert "/rerun/" not in page
        assert "It can be analysed once nothing of this is missing any more." in page
        assert answer.status_code == 409
        assert "Nobody has declared yet" in answer.content.decode()
        assert undeclared.address(f"recordings/{run.recording_id}/") in answer.content.decode()
        assert len(every(Run)) == 1

    def test_another_tenants_recording_is_given_no_subject(self, acme, other):
        theirs = other.recording()

        answer = acme.client().post(acme.address(f"recordings/{theirs.pk}/subject/"), {"subject": "P-07"})

        assert answer.status_code == 404
        assert fresh(theirs).subject is None
