"""Who gets to which page: every address of the app, by every kind of person, with data that could leak."""

from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import get_resolver

from accounts.enums import Role
from accounts.models import Subject
from analysis.engine.result import to_json
from analysis.enums import RunState
from analysis.models import Document, Recording, Run, SubjectNeutral
from analysis.urls import urlpatterns
from echodepth.tenancy import every_tenant
from tests.factories import SubjectFactory
from tests.support.results import example_result

SECRET = "Secret interview"

# name: (methods, lowest role)
PAGES = {
    "recordings": ("get", Role.VIEWER),
    "progress": ("get", Role.VIEWER),
    "upload": ("get", Role.ANALYST),
    "recording": ("get", Role.VIEWER),
    "recording-cancel": ("post", Role.ANALYST),
    "recording-rerun": ("post", Role.ANALYST),
    "recording-neutral": ("post", Role.ANALYST),
    "recording-delete": ("post", Role.ANALYST),
    "neutral-keep": ("post", Role.ANALYST),
    "neutral-reset": ("post", Role.ANALYST),
    "project": ("get", Role.VIEWER),
    "subject-cohort": ("get post", Role.ANALYST),
    "document-upload": ("post", Role.ANALYST),
    "document-download": ("get", Role.VIEWER),
    "document-delete": ("post", Role.ANALYST),
}
KINDS = ("recording", "project", "document", "run", "subject")
CALLS = sorted((name, method) for name, (methods, _role) in PAGES.items() for method in methods.split())
OBJECT_CALLS = [call for call in CALLS if call[0] not in {"recordings", "progress", "upload"}]
FIELDS = {
    "subject-cohort": {"cohort": "ca-fr", "declared_by": "subject", "consent_on": "2026-05-04"},
}
"""What a post says, where it changes something only when it says something."""
MODELS = (Recording, Run, Document, Subject, SubjectNeutral)


def everything():
    with every_tenant():
        return [list(model.objects.order_by("pk").values()) for model in MODELS]


@pytest.fixture
def held(acme):
    """One of each object, and its address's part."""
    subject = SubjectFactory(project=acme.project)
    run = acme.run(acme.recording(SECRET, subject=subject), state=RunState.FAILED, error_code="unreadable")
    run.result_key = default_storage.save(f"{run.pk}.json", ContentFile(to_json(example_result(30)).encode()))
    run.save()
    document = acme.document("secret.txt")
    return {
        "run": run.pk,
        "recording": run.recording_id,
        "project": acme.project.pk,
        "subject": subject.pk,
        "document": document.pk,
    }


def path_of(name, ids):
    pattern = next(one.pattern for one in urlpatterns if one.name == name)
    path = str(pattern)
    for kind in KINDS:
        path = path.replace(f"<uuid:{kind}_id>", str(ids[kind]))
    return path


def call(client, name, method, address):
    response = getattr(client, method)(address, FIELDS.get(name, {}) if method == "post" else {})
    if response.streaming:
        b"".join(response.streaming_content)  # closes a download's file
    return response


def test_the_table_names_every_address():
    assert {one.name for one in urlpatterns} == set(PAGES)
    assert get_resolver().reverse_dict is not None


@pytest.mark.parametrize(("name", "method"), OBJECT_CALLS)
def test_another_organisations_object_reads_like_a_missing_one(name, method, acme, other, held):
    """Asked for under one's own organisation, and under the other's."""
    before = everything()
    client = other.client(Role.OWNER)
    missing = dict.fromkeys(KINDS, uuid4())
    foreign = call(client, name, method, other.address(path_of(name, held)))
    absent = call(client, name, method, other.address(path_of(name, missing)))
    outside = call(client, name, method, acme.address(path_of(name, held)))
    assert foreign.status_code == absent.status_code == outside.status_code == 404
    assert _plain(foreign, held) == _plain(absent, missing)
    assert SECRET not in foreign.content.decode() + outside.content.decode()
    assert everything() == before


def _plain(response, ids):
    """The page without what differs on any two pages: ids in addresses, the request's number, CSRF tokens."""
    text = response.content.decode()
    for part in (*ids.values(), response.headers["X-Request-ID"]):
        text = text.replace(str(part), "")
    return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]


@pytest.mark.parametrize("name", ["recordings", "progress", "upload"])
def test_another_organisations_lists_are_not_there(name, acme, other, held):
    response = other.client(Role.OWNER).get(acme.address(path_of(name, held)), {"run": held["run"]})
    assert response.status_code == 404
    assert SECRET not in response.content.decode()


@pytest.mark.parametrize(("name", "method"), CALLS)
def test_roles(name, method, acme, held):
    lowest = PAGES[name][1]
    before = everything()
    viewer = call(acme.client(Role.VIEWER), name, method, acme.address(path_of(name, held)))
    if lowest == Role.VIEWER:
        assert viewer.status_code == 200
    else:
        assert viewer.status_code == 403
        assert everything() == before
    analyst = call(acme.client(Role.ANALYST), name, method, acme.address(path_of(name, held)))
    assert analyst.status_code in {200, 302, 400}


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_what_others_may_not_say_an_analyst_may(name, acme, held):
    """Else that nothing changes for others would tell nothing."""
    before = everything()
    answer = call(acme.client(Role.ANALYST), name, "post", acme.address(path_of(name, held)))
    assert answer.status_code == 302
    assert everything() != before


@pytest.mark.parametrize(("name", "method"), CALLS)
def test_the_signed_out_are_sent_to_sign_in(name, method, acme, held):
    before = everything()
    response = call(Client(), name, method, acme.address(path_of(name, held)))
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")
    assert everything() == before


@pytest.mark.parametrize("name", [name for name, method in CALLS if method == "post"])
def test_posts_need_a_csrf_token(name, acme, held):
    before = everything()
    client = acme.client()
    client.handler.enforce_csrf_checks = True
    response = call(client, name, "post", acme.address(path_of(name, held)))
    assert response.status_code == 403
    assert everything() == before


@pytest.mark.parametrize(
    "name", ["recording-cancel", "recording-rerun", "document-upload", "neutral-keep", "neutral-reset"]
)
def test_what_changes_something_refuses_get(name, acme, held):
    before = everything()
    assert acme.client().get(acme.address(path_of(name, held))).status_code == 405
    assert everything() == before


@pytest.mark.parametrize("name", ["recording-delete", "document-delete"])
def test_deleting_asks_first(name, acme, held):
    before = everything()
    page = acme.client().get(acme.address(path_of(name, held)))
    assert "cannot be undone" in page.content.decode()
    assert everything() == before
