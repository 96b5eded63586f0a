import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from accounts.access import access_project
from accounts.enums import OrganisationState
from echodepth import files
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory


@pytest.fixture
def link(organisation, settings, tmp_path, monkeypatch):
    """To a file that stands for a project."""
    place = {"location": str(tmp_path), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": place}}
    project = ProjectFactory(organisation=organisation)
    key = default_storage.save(f"{organisation.pk}/projects/{project.pk}", ContentFile(b"kept"))

    def find(object_id):
        return files.StoredFile(key, f"{access_project(object_id).name}.txt", "text/plain")

    monkeypatch.setitem(files._kinds, "project", find)
    with tenant(organisation.pk):
        return files.link("project", project.pk)


def test_a_link_needs_no_session(link):
    answer = Client().get(link)

    assert b"".join(answer.streaming_content) == b"kept"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Robots-Tag"] == "noindex"


def test_a_closed_organisation_gives_nothing_out(link, organisation):
    organisation.state = OrganisationState.CLOSED
    with tenant(organisation.pk):
        organisation.save()

    answer = Client().get(link)
    assert answer.status_code == 404
    assert answer.content.split(b"<main")[1] == Client().get("/files/forged/").content.split(b"<main")[1]


def test_an_old_link_says_what_to_do(link, monkeypatch):
    monkeypatch.setattr(files, "LIFE", -files.LIFE)

    answer = Client().get(link)
    assert answer.status_code == 410
    assert "This link has expired." in answer.content.decode()
    told = Client().get(link, headers={"Accept": "application/json"}).json()
    assert told["code"] == "link_expired"


def test_a_link_is_only_read(link):
    assert Client().post(link).status_code == 405
    answer = Client().head(link)
    assert answer["Content-Length"] == "4"
    answer.close()
