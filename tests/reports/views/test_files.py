import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from analysis.enums import RunState
from echodepth.tenancy import tenant
from reports.domain.requests import report_key
from reports.enums import ReportState
from tests.factories import MembershipFactory, ReportFactory


@pytest.fixture
def reviewer_client(organisation):
    user = MembershipFactory(organisation=organisation, role=Role.REVIEWER).user
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


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
        ("pdf", "application/pdf", "interview-a-draft-report.pdf", b"%PDF"),
        ("csv", "text/csv; charset=utf-8", "interview-a-draft-frames.csv", b"frame,time,track"),
        ("parquet", "application/vnd.apache.parquet", "interview-a-draft-frames.parquet", b"PAR1"),
        ("json", "application/json", "interview-a-draft-result.json", b"{"),
    ],
)
def test_each_file_comes_as_an_attachment(reviewer_client, ready, kind, content_type, name, begins):
    response = reviewer_client.get(address(ready, kind), follow=True)
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
    assert client.get(address(ready, kind)).url.startswith("/account/login/")


def test_the_report_is_for_all_who_read_and_the_measurements_for_those_who_may_export(viewer_client, ready):
    assert viewer_client.get(address(ready, "pdf")).url.startswith("/files/")
    for kind in ("csv", "parquet", "json"):
        response = viewer_client.get(address(ready, kind))
        assert response.status_code == 403
        assert "Your role does not allow this" in response.content.decode()


def test_a_link_needs_no_session_and_dies_with_its_run(reviewer_client, client, ready):
    link = reviewer_client.get(address(ready, "parquet")).url
    answer = client.get(link)
    assert b"".join(answer.streaming_content).startswith(b"PAR1")
    with tenant(ready.organisation_id):
        ready.delete()

    assert client.get(link).status_code == 404


def test_a_report_that_is_not_ready_is_said_in_words(viewer_client, run):
    ReportFactory(run=run)

    response = viewer_client.get(address(run, "pdf"))

    assert response.status_code == 404
    assert "not there (yet)" in response.content.decode()


def test_unknown_kinds_and_runs_without_result_are_404(reviewer_client, ready):
    assert reviewer_client.get(address(ready, "exe")).status_code == 404
    ready.state = RunState.ANALYSING
    with tenant(ready.organisation_id):
        ready.save()
    assert reviewer_client.get(address(ready, "csv")).status_code == 404


def test_files_are_only_read(viewer_client, ready):
    assert viewer_client.post(address(ready, "pdf")).status_code == 405
