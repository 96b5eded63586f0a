import json
import math
from datetime import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditRecord
from analysis.engine.statement import STATEMENT
from analysis.enums import RunState
from echodepth.tenancy import tenant
from reports.domain.requests import report_key
from reports.enums import ReportState
from reports.models import Review
from tests.factories import MembershipFactory, ReportFactory, ReviewFactory
from tests.reports.conftest import FRAMES, scored
from tests.support.api import Api, problem, token_for
from tests.support.results import example_result, example_track, withheld_track
from tests.support.tenants import every

NOBODY = {"state": "draft", "name": None, "signed_at": None, "remarks": None, "draft_sha256": None}


@pytest.fixture
def api(analyst):
    return Api(token_for(analyst))


@pytest.fixture
def result():
    return example_result(FRAMES)


def test_the_summary_holds_the_findings_in_numbers(api, run, result):
    told = api.get("summary", run.pk).json()
    track, person = result.tracks[0], told["tracks"][0]
    assert told["engine_version"] == result.engine_version
    assert told["warnings"] == list(result.warnings)
    assert person["track"] == track.track
    assert len(person["action_units"]) == 44
    assert [signal["key"] for signal in person["signals"]] == [signal.key for signal in track.signals]
    overall = track.signals[0].overall
    assert person["signals"][0]["overall"] == pytest.approx(
        {"value": overall.value, "low": overall.low, "high": overall.high}, abs=1e-5
    )
    assert person["quality"]["scored_frames"] == track.quality.scored_frames


def test_what_would_tell_a_face_again_is_not_in_it(api, run):
    text = api.get("summary", run.pk).content.decode()
    assert '"code"' not in text
    assert '"shape"' not in text
    assert "neutral" not in text


def test_events_are_paged_and_filtered(api, run, result):
    events = [(track.track, event) for track in result.tracks for event in track.events]
    page = api.get("events", run.pk, limit=2).json()
    seen = page["results"]
    while page["next"]:
        page = api.send("get", page["next"]).json()
        seen += page["results"]
    assert [(one["track"], one["au"]) for one in seen] == [(track, event.au) for track, event in events]
    assert seen[0]["peak"] == pytest.approx(events[0][1].peak, abs=1e-5)
    au = events[0][1].au
    one_unit = api.get("events", run.pk, au=au).json()["results"]
    assert {one["au"] for one in one_unit} == {au}
    nobody = api.get("events", run.pk, track=77).json()
    assert (nobody["results"], nobody["next"]) == ([], None)


def test_signals_are_taken_apart(api, run, result):
    told = api.get("signals", run.pk).json()["signals"]
    expected = [(track.track, signal) for track in result.tracks for signal in track.signals]
    assert [(one["track"], one["key"]) for one in told] == [(track, signal.key) for track, signal in expected]
    assert len(told[0]["series"]) == len(expected[0][1].series)
    assert [part["key"] for part in told[0]["components"]] == [part.key for part in expected[0][1].components]
    first = result.tracks[0].track
    assert {one["track"] for one in api.get("signals", run.pk, track=first).json()["signals"]} == {first}


def test_frames_are_streamed_as_json_lines(api, run):
    response = api.get("frames", run.pk, columns="frame,time,AU12", track=1, end=1)
    rows = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert response["Content-Type"] == "application/x-ndjson"
    assert response["Cache-Control"]
    assert rows
    assert all(list(row) == ["frame", "time", "AU12"] and row["time"] < 1 for row in rows)
    assert problem(api.get("frames", run.pk, columns="frame,password")) == (400, "invalid")
    assert problem(api.get("frames", run.pk, start="nan")) == (400, "invalid")


@pytest.mark.parametrize(
    ("kind", "begins"), [("csv", b"frame,time,track"), ("parquet", b"PAR1"), ("json", b"{"), ("pdf", b"%PDF")]
)
def test_files_come_by_a_link_that_needs_no_token(api, run, kind, begins):
    report = ReportFactory(run=run, state=ReportState.READY, pages=1)
    with tenant(run.organisation_id):
        key = report_key(run.organisation_id, report.pk, 1)
        report.storage_key = default_storage.save(key, ContentFile(b"%PDF-1.7 pages"))
        report.save()

    told = api.get("file", run.pk, kind).json()

    assert told["kind"] == kind
    assert told["url"].startswith("http://testserver/files/")
    with tenant(run.organisation_id):
        assert AuditRecord.objects.get(action="result.exported").facts == {"kind": kind}
    response = Client().get(told["url"])
    assert b"".join(response.streaming_content).startswith(begins)
    response.close()


def test_a_file_that_is_not_there_is_said(api, run):
    assert problem(api.get("file", run.pk, "pdf")) == (404, "file_not_there")
    assert problem(api.get("file", run.pk, "exe")) == (404, "not_found")


def test_a_report_tells_whether_it_is_ready(api, run):
    assert problem(api.get("report", run.pk)) == (404, "not_found")
    ReportFactory(run=run)
    told = api.get("report", run.pk).json()
    assert (told["run"], told["state"], told["pages"]) == (str(run.pk), "requested", None)
    assert "storage_key" not in told


def test_numbers_come_with_the_statement_and_who_signed_them(api, run):
    report = ReportFactory(run=run, state=ReportState.READY, sha256="ab" * 32)
    for name in ("summary", "events", "signals"):
        told = api.get(name, run.pk).json()
        assert (told["statement"], told["review"]) == (STATEMENT, NOBODY)

    signed = ReviewFactory(report=report, name="Ada R.", remarks="As seen", report_sha256="ab" * 32)

    expected = {"state": "signed", "name": "Ada R.", "remarks": "As seen", "draft_sha256": "ab" * 32}
    for name in ("summary", "events", "signals"):
        told = api.get(name, run.pk).json()["review"]
        assert datetime.fromisoformat(told.pop("signed_at")) == signed.reviewed_at
        assert told == expected
    frames = api.get("frames", run.pk, columns="frame")
    assert (frames["EchoDepth-Statement"], frames["EchoDepth-Review"]) == (STATEMENT, "signed")
    assert b"".join(frames.streaming_content)
    assert api.get("file", run.pk, "json").json()["review"]["name"] == "Ada R."


def test_a_report_tells_what_its_reviewers_said(api, run):
    report = ReportFactory(run=run, state=ReportState.READY)
    ReviewFactory(report=report, outcome="returned", name="Ada R.", remarks="Whose face?")
    ReviewFactory(report=report, name="Ben S.", report_sha256="cd" * 32)

    told = api.get("report", run.pk).json()

    assert (told["statement"], told["review_state"]) == (STATEMENT, "signed")
    assert [(one["outcome"], one["name"], one["remarks"]) for one in told["reviews"]] == [
        ("signed", "Ben S.", ""),
        ("returned", "Ada R.", "Whose face?"),
    ]
    assert told["reviews"][0]["draft_sha256"] == "cd" * 32


def test_reports_are_listed_by_what_they_are(api, run):
    report = ReportFactory(run=run, state=ReportState.READY)
    theirs = ReportFactory(state=ReportState.READY)

    def listed(**asked):
        return [one["run"] for one in api.get("reports", **asked).json()["results"]]

    assert listed() == listed(review_state="draft") == [str(run.pk)]
    assert listed(review_state="signed") == listed(review_state="returned") == []
    ReviewFactory(report=report)
    ReviewFactory(report=theirs)
    assert listed(review_state="signed") == [str(run.pk)]
    assert listed(review_state="draft") == []
    assert problem(api.get("reports", review_state="approved")) == (400, "invalid")
    with tenant(run.organisation_id):
        assert AuditRecord.objects.filter(action="list.read", facts__list="reviews").count() == 6


def test_nobody_signs_by_the_api(api, run):
    """A review is a person's: there is no operation for it, whatever the token may."""
    ReportFactory(run=run, state=ReportState.READY, sha256="ab" * 32)
    told = {"name": "Ada R.", "outcome": "signed", "read": "on", "draft": "ab" * 32}

    assert problem(api.post("report", run.pk, told=told)) == (405, "method_not_allowed")
    assert problem(api.post("reports", told=told)) == (405, "method_not_allowed")
    assert every(Review) == []


@pytest.mark.parametrize("name", ["summary", "events", "signals", "frames", "report"])
def test_a_run_without_result_has_none(api, run, name):
    with tenant(run.organisation_id):
        run.state = RunState.ANALYSING
        run.save()
    assert problem(api.get(name, run.pk)) == (404, "not_found")


@pytest.mark.parametrize("name", ["summary", "events", "signals", "frames"])
def test_a_result_whose_files_are_gone_says_so(api, run, name):
    with tenant(run.organisation_id):
        run.result_key = run.frames_key = f"{run.organisation_id}/nowhere"
        run.save()
    assert problem(api.get(name, run.pk)) == (404, "result_missing")


def test_reading_a_result_is_recorded(api, run):
    for name in ("summary", "events", "signals"):
        api.get(name, run.pk)
    with tenant(run.organisation_id):
        seen = AuditRecord.objects.filter(action="result.viewed", target=run.pk)
        assert seen.count() == 3


def test_a_number_that_is_none_is_null():
    from reports.api.serializers import Number

    assert Number().to_representation(math.nan) is None
    assert Number().to_representation(math.inf) is None
    assert Number().to_representation(0.25) == 0.25


def test_reviewers_may_export(organisation, run):
    reviewer = Api(token_for(MembershipFactory(organisation=organisation, role=Role.REVIEWER)))
    assert reviewer.get("file", run.pk, "csv").json()["kind"] == "csv"


def test_a_person_who_is_left_out_has_a_reason_and_no_number(api, organisation, frames_parquet):
    result = example_result(FRAMES, tracks=(example_track(FRAMES), withheld_track(FRAMES)))
    with tenant(organisation.pk):
        run = scored(organisation, frames_parquet, result)

    told = api.get("summary", run.pk).json()
    left_out = told["tracks"][1]

    assert told["tracks"][0]["withheld"] is None
    assert told["subject_absent"] is False
    assert left_out["withheld"] == {"role": "own_staff", "reason": "role_not_allowed"}
    lists = ("signals", "action_units", "emotion_scores", "emotions", "movements")
    assert [left_out[name] for name in lists] == [[], [], [], [], []]
    assert left_out["quality"]["median_face_width"] is None
    assert {one["track"] for one in api.get("signals", run.pk).json()["signals"]} == {1}
    assert api.get("events", run.pk, track=2).json()["results"] == []
