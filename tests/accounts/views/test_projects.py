import pytest

from accounts.models import Project, Subject
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory, SubjectFactory

PAGE = "/o/harbour/projects/"


@pytest.fixture
def project(organisation):
    return ProjectFactory(organisation=organisation, name="Interviews")


def test_the_list_shows_this_organisations_projects(viewer_client, project):
    SubjectFactory.create_batch(2, project=project)
    ProjectFactory(name="Not ours")

    page = viewer_client.get(PAGE).content.decode()

    assert "Interviews" in page
    assert "2 subjects" in page
    assert "Not ours" not in page
    assert f"{PAGE}new/" not in page


def test_without_a_project_the_page_says_what_to_do(analyst_client):
    page = analyst_client.get(PAGE).content.decode()

    assert "No project yet" in page
    assert f"{PAGE}new/" in page


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    viewer_client, organisation, project, django_assert_num_queries
):
    def ask():
        with django_assert_num_queries(7):
            viewer_client.get(PAGE)

    ask()
    ProjectFactory.create_batch(20, organisation=organisation)
    ask()


def test_a_project_is_created_and_edited(analyst_client, organisation):
    analyst_client.post(f"{PAGE}new/", {"name": "Pilot", "description": "Spring"})
    with tenant(organisation.pk):
        project = Project.objects.get()
    analyst_client.post(f"{PAGE}{project.pk}/edit/", {"name": "Pilot 2", "description": ""})

    with tenant(organisation.pk):
        assert Project.objects.values_list("name", "description").get() == ("Pilot 2", "")


def test_a_name_that_is_refused_does_not_appear_as_the_projects(analyst_client, project):
    page = analyst_client.post(f"{PAGE}{project.pk}/edit/", {"name": ""}).content.decode()

    assert ">Interviews</a>" in page
    assert 'href="#id_name"' in page


def test_subjects_are_added_and_renamed(analyst_client, organisation, project):
    page = f"{PAGE}{project.pk}/subjects/"
    analyst_client.post(page, {"label": "P-01"})
    with tenant(organisation.pk):
        subject = Subject.objects.get()
    analyst_client.post(f"{page}{subject.pk}/", {"label": "P-02"})

    shown = analyst_client.get(page).content.decode()
    assert "P-02" in shown
    assert "P-01" not in shown


def test_a_label_is_used_once_in_a_project(analyst_client, organisation, project):
    first, second = SubjectFactory(project=project, label="P-01"), SubjectFactory(project=project)
    page = f"{PAGE}{project.pk}/subjects/"

    added = analyst_client.post(page, {"label": "p-01"})
    renamed = analyst_client.post(f"{page}{second.pk}/", {"label": "P-01"})
    kept = analyst_client.post(f"{page}{first.pk}/", {"label": "p-01"})

    for refused in (added, renamed):
        assert "This project has a subject with this label already." in refused.content.decode()
    assert kept.status_code == 302


def test_a_viewer_changes_nothing(viewer_client, organisation, project):
    for address in (f"{PAGE}new/", f"{PAGE}{project.pk}/edit/", f"{PAGE}{project.pk}/subjects/"):
        response = viewer_client.post(address, {"name": "Changed", "label": "Changed"})
        assert response.status_code == 403
        assert "Your role does not allow this" in response.content.decode()
    with tenant(organisation.pk):
        assert Project.objects.get().name == "Interviews"
        assert not Subject.objects.exists()


def test_another_organisations_project_is_not_found(owner_client):
    theirs = ProjectFactory(name="Not ours")

    response = owner_client.post(f"{PAGE}{theirs.pk}/edit/", {"name": "Changed"})

    assert response.status_code == 404
    with tenant(theirs.organisation_id):
        assert Project.objects.get().name == "Not ours"
