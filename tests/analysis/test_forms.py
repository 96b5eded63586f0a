import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from analysis.forms import DocumentsForm, RecordingsForm
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory


def files(*names, content=b"x"):
    return MultiValueDict({"uploads": [SimpleUploadedFile(name, content) for name in names]})


@pytest.fixture
def project(acme):
    with tenant(acme.organisation.pk):
        yield acme.project


def test_a_title_is_that_of_a_single_file(project):
    data = {"project": project.pk, "title": "Interview"}
    one, two = RecordingsForm(data, files("a.mp4")), RecordingsForm(data, files("a.mp4", "b.mp4"))

    assert one.is_valid()
    assert two.is_valid()
    assert [(file.name, title) for file, title in one.titled()] == [("a.mp4", "Interview")]
    assert [(file.name, title) for file, title in two.titled()] == [("a.mp4", ""), ("b.mp4", "")]


@pytest.mark.parametrize("sent", [{}, files("a.mp4", content=b"")])
def test_a_form_without_a_file_or_with_an_empty_one_is_refused(project, sent):
    assert set(RecordingsForm({"project": project.pk}, sent).errors) == {"uploads"}
    assert set(DocumentsForm({}, sent).errors) == {"uploads"}


def test_projects_are_those_of_the_organisation(project):
    foreign = ProjectFactory()

    assert RecordingsForm().fields["project"].initial == project
    assert "project" in RecordingsForm({"project": foreign.pk}, files("a.mp4")).errors
    ProjectFactory(organisation=project.organisation)
    assert RecordingsForm().fields["project"].initial is None
