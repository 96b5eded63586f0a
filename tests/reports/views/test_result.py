import dataclasses
import html
import re
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.formats import date_format

from analysis.domain import neutrals
from analysis.engine.findings import cohorts
from analysis.engine.result import to_json
from analysis.enums import RunState
from echodepth.tenancy import tenant
from reports.enums import ReportState
from reports.models import Report
from tests.factories import ReportFactory, RunFactory
from tests.reports.conftest import FRAMES, scored
from tests.support.cards import WEAK
from tests.support.pages import text_of
from tests.support.results import example_result, example_track, unscored_track, withheld_track
from tests.support.tenants import save


def page(run):
    return reverse("reports:result", args=[run.organisation.slug, run.pk])


@pytest.fixture
def two_faces(organisation, frames_parquet):
    result = example_result(FRAMES, tracks=(example_track(FRAMES), unscored_track(FRAMES)))
    with tenant(organisation.pk):
        return scored(organisation, frames_parquet, result)


def test_the_page_shows_signals_findings_and_facts(viewer_client, run):
    text = text_of(viewer_client.get(page(run)))
    trust = example_result(FRAMES).tracks[0].signals[0].overall

    for told in (
        "Interview Ä",
        "P-014",
        "Trust Score",
        f"95 % interval {trust.low:.0f} to {trust.high:.0f}",
        "Duchenne display",
        "44 Squint",
        "6C<wbr>+12C<wbr>+25B",
        "Face turned away",
        "estimated over the recording",
        "no decision may rest on them alone",
    ):
        assert told in text
    assert text.count("<svg xmlns") >= 2 * (3 + 4 + 1 + 1)
    assert not re.search(r"<style|\sstyle=|<script(?! type=\"module\" src)", text)


def test_the_answers_name_the_cohort_that_was_used_whatever_the_list_says(
    viewer_client, organisation, frames_parquet
):
    listed = cohorts.shipped().cohorts["in-hi"]
    smile = dataclasses.replace(cohorts.unknown("smile"), factor=1.2, status="measured", people=24)
    own = dataclasses.replace(listed, version="1.1", parameters=(smile,))
    with tenant(organisation.pk):
        run = scored(organisation, frames_parquet, dataclasses.replace(example_result(FRAMES), cohort=own))

    text = text_of(viewer_client.get(page(run)))

    used = "India, Hindi was declared, and this analysis used version 1.1 of its numbers: measured."
    assert used in text
    assert f"The list that is shipped (version {listed.version}) has 14 cohorts" in text


def test_other_analyses_of_the_recording_are_listed_for_those_who_may_see_them(
    analyst_client, viewer_client, run
):
    newer = RunFactory(recording=run.recording, state=RunState.DONE, engine_version="next")
    for client in (analyst_client, viewer_client):
        listed = client.get(page(run)).content.decode().split('id="analyses"')[1]
        assert f'href="{page(newer)}"' in listed
        assert f'href="{page(run)}"' not in listed
        assert "<td>next</td>" in listed


def test_while_the_report_is_written_the_page_says_so_and_waits(viewer_client, run):
    ReportFactory(run=run)
    text = text_of(viewer_client.get(page(run)))

    assert "The PDF report is being written." in text
    assert f'data-run="{run.pk}"' in text
    assert reverse("reports:download", args=[run.organisation.slug, run.pk, "pdf"]) not in text


def test_a_ready_report_can_be_downloaded(viewer_client, run):
    ReportFactory(run=run, state=ReportState.READY, pages=24, sha256="ab" * 32)
    text = text_of(viewer_client.get(page(run)))

    assert reverse("reports:download", args=[run.organisation.slug, run.pk, "pdf"]) in text
    assert "PDF, 24 pages" in text
    assert "ab" * 32 in text
    assert "being written" not in text


def test_a_failed_report_is_told_and_the_tables_stay(analyst_client, viewer_client, run):
    ReportFactory(run=run, state=ReportState.FAILED, error_code="render_failed")
    for client, may_export_and_run_again in ((analyst_client, True), (viewer_client, False)):
        text = text_of(client.get(page(run)))
        assert "The PDF report could not be made." in text
        assert "render_failed" not in text
        table = reverse("reports:download", args=[run.organisation.slug, run.pk, "csv"])
        assert (table in text) is may_export_and_run_again
        assert ("Run the analysis again</button>" in text) is may_export_and_run_again


def test_every_unit_stands_with_its_evidence_and_the_weak_apart(viewer_client, run):
    text = text_of(viewer_client.get(page(run)))
    apart = text.partition("Measured, but not reliable: feeds no signal")[2]

    assert text.count("A (synthetic)</td>") + text.count("B (synthetic)</td>") == 38 - 1
    assert text.count("C (synthetic)</td>") == 2
    assert text.count('D (synthetic) <span class="muted">ICC 0.12</span>') == len(WEAK)
    assert "r 0.72 on 2 clips" in text
    assert "a muscle hardens under skin that stays where it is" in apart
    assert "38 of the 44 Action Units reach grade A or B (synthetic)" in text
    assert "Which neutral face was used?" in text
    assert reverse("model") in text


def test_a_result_of_an_earlier_version_says_which_and_claims_no_evidence(
    viewer_client, organisation, frames_parquet
):
    result = dataclasses.replace(example_result(FRAMES), evidence=None)
    with tenant(organisation.pk):
        run = scored(organisation, frames_parquet, result)

    text = text_of(viewer_client.get(page(run)))

    assert "read Action Units from the geometry of landmarks" in text
    for absent in ("(synthetic)", "Five questions to ask", "not reliable", "FACS-coded"):
        assert absent not in text


def test_smiles_are_not_counted_by_weak_units(viewer_client, organisation, frames_parquet):
    track = dataclasses.replace(example_track(FRAMES), smiles=None)
    with tenant(organisation.pk):
        run = scored(organisation, frames_parquet, example_result(FRAMES, tracks=(track,)))

    text = text_of(viewer_client.get(page(run)))

    assert "Smiles are not counted: the model measures AU6 or AU12 too badly." in text


def test_each_face_has_its_page(viewer_client, two_faces):
    first = text_of(viewer_client.get(page(two_faces)))
    second = text_of(viewer_client.get(page(two_faces) + "?face=2"))

    assert '<a class="tabs__tab" href="?face=1" aria-current="page">' in first
    assert '<a class="tabs__tab" href="?face=2" aria-current="page">' in second
    assert "Face too small" in second


@pytest.mark.parametrize("number", ["3", "x", "-1"])
def test_a_face_that_is_not_there_is_404(viewer_client, two_faces, number):
    assert viewer_client.get(page(two_faces) + f"?face={number}").status_code == 404


def test_too_little_to_score_shows_no_number(viewer_client, organisation, frames_parquet):
    result = example_result(FRAMES, tracks=(unscored_track(FRAMES, 1),), warnings=("too_little_face_time",))
    with tenant(organisation.pk):
        run = scored(organisation, frames_parquet, result)

    text = text_of(viewer_client.get(page(run)))

    assert "Not enough to score" in text
    assert "/ 100" not in text
    assert "tile__value" not in text


def test_no_face_is_a_page_too(viewer_client, organisation, frames_parquet):
    with tenant(organisation.pk):
        run = scored(organisation, frames_parquet, example_result(FRAMES, tracks=(), warnings=("no_face",)))

    text = text_of(viewer_client.get(page(run)))

    assert "No face was found in this recording." in text
    assert "Trust Score" not in text


@pytest.mark.parametrize(
    "state", [RunState.REQUESTED, RunState.ANALYSING, RunState.FAILED, RunState.CANCELLED]
)
def test_without_a_result_the_recordings_page_answers(viewer_client, run, state):
    run.state = state
    with tenant(run.organisation_id):
        run.save()

    response = viewer_client.get(page(run))

    assert response.status_code == 302
    assert response["Location"] == reverse(
        "analysis:recording", args=[run.organisation.slug, run.recording_id]
    )


def test_a_result_whose_files_are_gone_is_said_in_words(viewer_client, run):
    default_storage.delete(run.result_key)

    response = viewer_client.get(page(run))

    assert response.status_code == 404
    assert "no longer in storage" in text_of(response)


@pytest.mark.parametrize("gone", ["result_key", "frames_key"])
def test_a_result_whose_time_is_over_is_said_in_words_too(viewer_client, run, gone):
    save(run, **{gone: ""})

    response = viewer_client.get(page(run))

    assert response.status_code == 404
    assert "no longer in storage" in text_of(response)


def test_other_tenants_and_strangers_do_not_learn_of_it(client, outsider, outsider_client, run):
    assert outsider_client.get(page(run)).status_code == 404
    elsewhere = reverse("reports:result", args=[outsider.organisation.slug, run.pk])
    assert outsider_client.get(elsewhere).status_code == 404
    assert client.get(page(run)).status_code == 302
    assert "Interview" not in outsider_client.get(elsewhere).content.decode()


def test_the_page_takes_few_queries(viewer_client, run, django_assert_max_num_queries):
    with tenant(run.organisation_id):
        Report.objects.create(organisation=run.organisation, run=run)
    viewer_client.get(page(run))

    # Ten of the page (two of them for who signed), one for the recording's other analyses and who asked for
    # them, one for the menu of organisations, six for the line in the audit trail, four for when it is erased
    # and who holds it.
    with django_assert_max_num_queries(22):
        viewer_client.get(page(run))


def carried(run, kept):
    """The run's stored result, measured from the kept neutral of another recording of the subject."""
    result = example_result(FRAMES)
    neutral = dataclasses.replace(result.tracks[0].neutral, source="carried")
    text = to_json(
        dataclasses.replace(result, tracks=(dataclasses.replace(result.tracks[0], neutral=neutral),))
    )
    run.result_key = default_storage.save(f"{run.pk}/carried.json", ContentFile(text.encode()))
    run.recording.subject = kept.subject
    run.recording.save()
    run.kept_neutral = kept
    run.save()


def keep_address(run):
    return reverse("analysis:neutral-keep", args=[run.organisation.slug, run.pk])


def reset_address(run):
    recording = run.recording
    return reverse(
        "analysis:neutral-reset", args=[run.organisation.slug, recording.project_id, recording.subject_id]
    )


def test_a_neutral_can_be_kept_from_the_page_and_reset(analyst, analyst_client, viewer_client, run):
    before = text_of(analyst_client.get(page(run)))
    assert "No neutral is kept for P-014" in before
    assert reset_address(run) not in before
    assert keep_address(run) not in text_of(viewer_client.get(page(run)))

    after = text_of(analyst_client.post(keep_address(run), follow=True))

    assert "This result's neutral is kept for P-014" in html.unescape(after)
    assert f"by {analyst.user}" in html.unescape(after)
    assert reset_address(run) in after
    assert keep_address(run) not in after


def test_a_carried_neutral_says_where_it_comes_from(
    organisation, analyst, analyst_client, run, frames_parquet
):
    with tenant(organisation.pk):
        second = scored(organisation, frames_parquet)
        kept = neutrals.keep(run, analyst.user)
        carried(second, kept)

    text = html.unescape(text_of(analyst_client.get(page(second))))

    day = date_format(run.recording.created_at.astimezone(ZoneInfo(organisation.time_zone)), "j F Y")
    assert f"kept from an earlier recording of the same subject (“Interview Ä”, {day})" in text
    assert "This run was given the neutral kept for its subject: from “Interview Ä”" in text
    assert page(run) in text
    assert keep_address(second) not in text
    assert reset_address(second) in text


def test_a_kept_neutral_that_could_not_be_taken_is_told(organisation, analyst, analyst_client, run):
    with tenant(organisation.pk):
        kept = neutrals.keep(run, analyst.user)
        carried(run, kept)
        text = to_json(example_result(FRAMES, warnings=("kept_neutral_missing",)))
        run.result_key = default_storage.save(f"{run.pk}/estimated.json", ContentFile(text.encode()))
        run.save()

    shown = html.unescape(text_of(analyst_client.get(page(run))))

    assert "this recording's neutral was estimated instead" in shown
    assert "It could not be used, as the notice at the top of this page says." in shown


def test_without_a_subject_nothing_can_be_kept(organisation, analyst_client, run):
    run.recording.subject = None
    with tenant(organisation.pk):
        run.recording.save()

    text = text_of(analyst_client.get(page(run)))

    assert "This recording was uploaded without a subject." in text
    assert keep_address(run) not in text


def test_only_the_face_seen_most_can_be_kept(analyst_client, two_faces):
    other = example_result(FRAMES, tracks=(unscored_track(FRAMES),)).tracks[0].track

    assert keep_address(two_faces) in text_of(analyst_client.get(page(two_faces)))
    assert keep_address(two_faces) not in text_of(analyst_client.get(page(two_faces), {"face": other}))


def test_people_who_are_left_out_are_named_with_the_reason(viewer_client, organisation, frames_parquet):
    result = example_result(FRAMES, tracks=(example_track(FRAMES), withheld_track(FRAMES)))
    result = dataclasses.replace(result, subject_absent=True, warnings=("subject_withheld",))
    with tenant(organisation.pk):
        run = scored(organisation, frames_parquet, result)
    response = viewer_client.get(page(run))
    text = text_of(response)

    assert "People who are left out" in text
    assert "Own staff" in text
    assert "people of this role may not be analysed under the declared use" in text
    assert "The recording's subject is not among the people" in html.unescape(text)
    assert "Keep this neutral" not in text
    assert viewer_client.get(f"{page(run)}?face=2").status_code == 404


def test_a_result_of_which_everybody_is_left_out_has_no_number(viewer_client, organisation, frames_parquet):
    result = example_result(FRAMES, tracks=(withheld_track(FRAMES),), warnings=("all_withheld",))
    with tenant(organisation.pk):
        run = scored(organisation, frames_parquet, result)

    text = text_of(viewer_client.get(page(run)))

    assert "No face could be measured" in text
    assert "none of the people in this recording may be analysed" in text
    assert "Trust Score" not in text.split("People who are left out")[1].split("</section>")[0]
