import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from analysis.enums import RunState
from echodepth.tenancy import tenant
from reports.domain.requests import report_key
from reports.enums import ReportState
from tests.factories import ReportFactory


@pytest.fixture
def ready(run):
    report = ReportFactory(run=run, state=ReportState.READY, pages=1)
    with tenant(run.organisation_id):
        report.storage_key = default_storage.save(
            report_key(run.organisation_id, report.pk, 1), ContentFile(b"%PDF-1.7 pages")
        )
        report.save()
    return run


def address(run, kind):
    return reverse("reports:download", args=[run.organisation.slug, run.pk, kind])


@pytest.mark.parametrize(
    ("kind", "content_type", "name", "begins"),
    [
        ("pdf", "application/pdf", "interview-a-report.pdf", b"%PDF"),
        ("csv", "text/csv; charset=utf-8", "interview-a-frames.csv", b"frame,time,track"),
        ("parquet", "application/vnd.apache.parquet", "interview-a-frames.parquet", b"PAR1"),
        ("json", "application/json", "interview-a-result.json", b"{"),
    ],
)
def test_each_file_comes_as_an_attachment(viewer_client, ready, kind, content_type, name, begins):
    response = viewer_client.get(address(ready, kind))
    content = b"".join(response.streaming_content)
    response.close()

    assert response.status_code == 200
    assert content.startswith(begins)
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert int(response["Content-Length"]) == len(content)


@pytest.mark.parametrize("kind", ["pdf", "csv", "parquet", "json"])
def test_no_file_reaches_another_tenant_or_a_stranger(client, outsider, outsider_client, ready, kind):
    elsewhere = reverse("reports:download", args=[outsider.organisation.slug, ready.pk, kind])

    assert outsider_client.get(address(ready, kind)).status_code == 404
    assert outsider_client.get(elsewhere).status_code == 404
    assert client.get(address(ready, kind)).status_code == 302


def test_a_report_that_is_not_ready_is_said_in_words(viewer_client, run):
    ReportFactory(run=run)

    response = viewer_client.get(address(run, "pdf"))

    assert response.status_code == 404
    assert "not there (yet)" in response.content.decode()


def test_unknown_kinds_and_runs_without_result_are_404(viewer_client, ready):
    assert viewer_client.get(address(ready, "exe")).status_code == 404
    ready.state = RunState.ANALYSING
    with tenant(ready.organisation_id):
        ready.save()
    assert viewer_client.get(address(ready, "csv")).status_code == 404


def test_files_are_only_read(viewer_client, ready):
    assert viewer_client.post(address(ready, "pdf")).status_code == 405
