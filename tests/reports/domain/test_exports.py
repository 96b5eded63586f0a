import csv
import io
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.audit_actions import AuditAction
from accounts.models import AuditRecord
from analysis.engine import result as result_file
from analysis.engine.frame_table import schema
from analysis.engine.statement import STATEMENT
from echodepth import files
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.exports import KINDS, export_link, file_name, stored_file
from reports.enums import ReportState, ReviewOutcome
from tests.factories import ReportFactory, ReviewFactory
from tests.reports.conftest import FRAMES

NOBODY = {"state": "draft", "name": None, "signed_at": None, "remarks": None, "draft_sha256": None}


def content(run, kind, report=None):
    with tenant(run.organisation_id):
        file = stored_file(run, report, kind)
        with file.make() if file.make else default_storage.open(file.key) as handle:
            return handle.read()


def test_the_csv_has_every_row_and_column_of_the_table(run):
    rows = list(csv.DictReader(io.StringIO(content(run, "csv").decode())))

    assert list(rows[0]) == [*schema().names, "review", "statement"]
    assert [int(row["frame"]) for row in rows] == list(range(FRAMES))


def test_the_frame_table_is_the_stored_one_whose_hash_the_report_quotes(run, frames_parquet):
    assert content(run, "parquet") == frames_parquet.read_bytes()


def test_the_json_is_the_stored_result_and_who_signed_it(run):
    with tenant(run.organisation_id), default_storage.open(run.result_key) as handle:
        stored = json.load(handle)

    draft = json.loads(content(run, "json"))
    report = ReportFactory(run=run, state=ReportState.READY)
    signed = ReviewFactory(report=report, name="Ada R.", remarks='As "seen"\n', report_sha256="cd" * 32)
    told = json.loads(content(run, "json", report))

    assert draft == stored | {"review": NOBODY}
    assert told == stored | {
        "review": {
            "state": "signed",
            "name": "Ada R.",
            "signed_at": signed.reviewed_at.isoformat(),
            "remarks": 'As "seen"\n',
            "draft_sha256": "cd" * 32,
        }
    }
    assert result_file.from_json(content(run, "json", report).decode()).frames == FRAMES


def test_a_result_of_an_earlier_version_is_given_the_statement_too(run):
    with tenant(run.organisation_id):
        with default_storage.open(run.result_key) as handle:
            lines = [line for line in handle if not line.startswith(b'"statement"')]
        run.result_key = default_storage.save(
            f"{run.organisation_id}/earlier.json", ContentFile(b"".join(lines))
        )

    text = content(run, "json").decode()

    assert text.count(STATEMENT) == 1
    assert json.loads(text)["statement"] == STATEMENT


@pytest.mark.parametrize("outcome", [None, *ReviewOutcome])
def test_every_row_of_a_csv_says_whether_it_is_of_a_draft(run, outcome):
    report = ReportFactory(run=run, state=ReportState.READY)
    if outcome:
        ReviewFactory(report=report, outcome=outcome)

    rows = list(csv.DictReader(io.StringIO(content(run, "csv", report).decode())))

    assert {row["review"] for row in rows} == {"signed" if outcome == ReviewOutcome.SIGNED else "draft"}
    assert {row["statement"] for row in rows} == {STATEMENT}


def test_a_pdf_that_is_made_anew_is_handed_to_nobody_as_the_draft_it_was(run):
    report = ReportFactory(run=run, state=ReportState.REQUESTED, storage_key="somewhere/report.pdf")

    with tenant(run.organisation_id):
        assert stored_file(run, report, "pdf").key == ""


def test_a_report_that_is_not_there_is_no_file(run):
    with tenant(run.organisation_id):
        assert stored_file(run, None, "pdf").key == ""
        with pytest.raises(UserError, match="file_not_there"):
            export_link(run, "pdf")


def test_a_link_to_an_export_is_recorded_in_the_trail(run):
    with tenant(run.organisation_id):
        address = export_link(run, "csv")
        told = AuditRecord.objects.get(action=AuditAction.RESULT_EXPORTED)

    assert (told.target, told.facts) == (str(run.pk), {"kind": "csv"})
    found = files.read_token(address.removeprefix("/files/").removesuffix("/"))
    assert found == files.Link("result.csv", run.organisation_id, run.pk)


def test_every_export_has_its_kind_of_link():
    assert {f"result.{kind}" for kind in KINDS} <= files.kinds()


def test_file_names_hold_only_plain_characters(run):
    assert file_name(run, "pdf", signed=True) == "interview-a-report.pdf"
    assert file_name(run, "pdf", signed=False) == "interview-a-draft-report.pdf"
    run.recording.title = "面接"
    assert file_name(run, "csv", signed=True) == "recording-frames.csv"
