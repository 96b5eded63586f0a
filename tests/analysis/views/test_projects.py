import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analysis.enums import RunState
from analysis.models import SubjectNeutral
from analysis.views.projects import LATEST
from echodepth.tenancy import tenant
from tests import factories


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_project_shows_its_recordings_documents_and_subjects(acme):
    subject = factories.SubjectFactory(project=acme.project, label="P-9")
    acme.run(acme.recording("Talk", subject=subject), state=RunState.FAILED)
    acme.document("plan.txt")
    elsewhere = factories.ProjectFactory(organisation=acme.organisation)
    factories.RunFactory(recording__project=elsewhere, recording__title="Elsewhere")
    shown = text_of(acme.client().get(acme.address(f"projects/{acme.project.pk}/")))
    assert all(word in shown for word in ("Talk", "P-9 1 recording", "plan.txt"))
    assert "The analysis of documents is not yet available." in shown
    assert "Elsewhere" not in shown


def test_a_kept_neutral_stands_beside_its_subject(acme):
    subject = factories.SubjectFactory(project=acme.project, label="P-9")
    run = acme.run(acme.recording("Talk", subject=subject), state=RunState.DONE)
    with tenant(acme.organisation.pk):
        for ended in (timezone.now(), None):
            SubjectNeutral.objects.create(
                organisation=acme.organisation, subject=subject, run=run, kept_by=acme.user, ended_at=ended
            )

    address = acme.address(f"projects/{acme.project.pk}/")
    page = acme.client().get(address)
    assert text_of(page).count("Neutral from “Talk”") == 1
    assert f"by {acme.user}" in text_of(page)
    reset = acme.address(f"projects/{acme.project.pk}/subjects/{subject.pk}/neutral/reset/")
    assert reset in page.content.decode()
    assert reset not in acme.client("viewer").get(address).content.decode()


def test_an_empty_project_says_so(acme):
    shown = text_of(acme.client().get(acme.address(f"projects/{acme.project.pk}/")))
    assert "No recordings in this project yet" in shown
    assert "No documents yet." in shown


def test_the_page_ends_and_leads_to_the_whole_list(acme):
    for number in range(LATEST + 1):
        acme.run(acme.recording(f"Talk number {number}"))
    page = acme.client().get(acme.address(f"projects/{acme.project.pk}/"))
    assert len(re.findall("Talk number", text_of(page))) >= LATEST
    assert f"All {LATEST + 1} recordings of this project" in text_of(page)


def test_a_viewer_cannot_upload_here(acme):
    content = acme.client("viewer").get(acme.address(f"projects/{acme.project.pk}/")).content.decode()
    assert 'type="file"' not in content


def test_the_number_of_queries_does_not_grow(acme):
    client = acme.client()
    address = acme.address(f"projects/{acme.project.pk}/")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    def add(number):
        subject = factories.SubjectFactory(project=acme.project)
        acme.run(acme.recording(f"Talk {number}", subject=subject))
        acme.document(f"{number}.txt")

    add(0)
    queries()  # the first visit writes who the visitor is into the audit trail
    few = queries()
    for number in range(1, 7):
        add(number)
    assert queries() == few


def test_the_declared_use_stands_on_the_projects_page(acme):
    declared = acme.client().get(acme.address(f"projects/{acme.project.pk}/"))
    assert "Rendered people" in text_of(declared)
    assert "Nothing of this project is analysed yet" not in text_of(declared)

    project = factories.ProjectFactory(organisation=acme.organisation, declared=False)
    address = acme.address(f"projects/{project.pk}/")
    page = acme.client().get(address)
    assert "Nothing of this project is analysed yet" in text_of(page)
    assert f"{address}use/new/" in page.content.decode()
