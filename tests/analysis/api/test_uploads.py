import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Scope
from accounts.models import Membership
from analysis.models import Recording, Upload
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files
from tests.support.api import Api, problem, token_for
from tests.support.bodies import Unreadable

BYTES = "application/octet-stream"


@pytest.fixture
def member(acme):
    with tenant(acme.organisation.pk):
        return Membership.objects.select_related("organisation", "user").get(user=acme.user)


@pytest.fixture
def api(member):
    return Api(token_for(member))


def announce(api, acme, size=3, **more):
    told = {"project": str(acme.project.pk), "file_name": "Talk.mp4", "size": size}
    return api.post("uploads", told=told | more).json()


def send(api, address, content):
    return api.send("put", address, content, content_type=BYTES)


def test_a_recording_is_uploaded(api, acme, clip, storage):
    upload = announce(api, acme, len(clip), subject="P-1")
    assert (upload["received"], upload["recording"], upload["subject"]) == (False, None, "P-1")
    assert upload["content_url"].startswith("http://testserver/api/v1/uploads/")
    assert send(api, upload["content_url"], clip).status_code == 204
    now = api.get("upload", upload["id"]).json()
    assert now == upload | {"received": True, "expires_at": now["expires_at"]}
    assert now["expires_at"] > upload["expires_at"]

    finished = api.send("post", upload["finish_url"])

    assert finished.status_code == 201
    told = finished.json()
    assert (told["title"], told["subject_label"], told["size"]) == ("Talk", "P-1", len(clip))
    assert (told["run"]["state"], told["run"]["is_final"]) == ("requested", False)
    done = api.get("upload", upload["id"]).json()
    assert (done["recording"], done["state"], done["error"]) == (told["id"], "done", None)
    again = api.send("post", upload["finish_url"])
    assert (again.status_code, again.json()) == (200, told)
    with tenant(acme.organisation.pk):
        assert stored_files(storage) == [Recording.objects.get().storage_key]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": 2**63}, "size"),
        ({"size": "big"}, "size"),
        ({"file_name": ""}, "file_name"),
        ({"project": "x"}, "project"),
        ({"project": None}, "project"),
        ({"title": "x" * 201}, "title"),
        ({"sha256": "x" * 64}, "sha256"),
    ],
)
def test_a_wrong_announcement_is_refused_by_field(api, acme, told, field):
    body = {"project": str(acme.project.pk), "file_name": "a.mp4", "size": 3} | told
    response = api.post("uploads", told=body)
    assert problem(response) == (400, "invalid")
    assert list(response.json()["errors"]) == [field]
    with tenant(acme.organisation.pk):
        assert not Upload.objects.exists()


def test_a_name_cannot_lead_elsewhere(api, acme):
    assert announce(api, acme, file_name="..\\..\\etc/pass\u0007wd.mp4")["file_name"] == "passwd.mp4"


def test_a_file_larger_than_the_installation_takes_is_refused(api, acme, settings):
    settings.MAX_UPLOAD_BYTES = 2
    body = {"project": str(acme.project.pk), "file_name": "a.mp4", "size": 3}
    assert problem(api.post("uploads", told=body)) == (413, "too_large")


def unread(token, address, size):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    more = {"CONTENT_LENGTH": str(size), "wsgi.input": Unreadable()}
    return Client().generic("PUT", address, content_type=BYTES, headers=headers, **more)


def test_not_a_byte_is_read_of_whom_may_not_send_it(api, acme, member, outsider):
    """However large: the limit of other bodies does not stand before this address."""
    large = 3_000_000_000
    address = announce(api, acme, large)["content_url"]
    assert problem(unread("", address, large)) == (401, "token_missing")
    assert problem(unread("edt_wrong", address, large)) == (401, "token_invalid")
    assert problem(unread(token_for(member, Scope.READ), address, large)) == (403, "scope_missing")
    assert problem(unread(token_for(outsider), address, large)) == (404, "not_found")
    assert problem(unread(api.token, address, large + 1)) == (400, "size_differs")


def test_a_large_body_is_taken_of_whom_may(api, acme, storage):
    content = b"x" * 11_000_000
    address = announce(api, acme, len(content))["content_url"]
    assert send(api, address, content).status_code == 204
    (kept,) = stored_files(storage)
    assert (storage / kept).stat().st_size == len(content)


def test_what_is_no_video_is_refused_with_the_products_words(api, acme):
    upload = announce(api, acme, 6)
    send(api, upload["content_url"], b"letter")
    response = api.send("post", upload["finish_url"])
    assert problem(response) == (400, "unreadable")
    assert "not a video" in response.json()["detail"]


def test_a_recording_comes_in_parts(api, acme, clip, storage):
    upload = announce(api, acme, len(clip), sha256=hashlib.sha256(clip).hexdigest())
    parts = api.send("get", upload["parts_url"]).json()
    assert parts == {"part_size": 8 * 1024 * 1024, "count": 1, "received": []}
    wrong = api.send("post", upload["parts_url"], '{"numbers": [2]}', content_type="application/json")
    assert problem(wrong) == (400, "part_unknown")

    answer = api.send("post", upload["parts_url"], '{"numbers": [1]}', content_type="application/json")
    (link,) = answer.json()["links"]
    assert link["url"].startswith("http://testserver/")
    assert (link["number"], link["size"]) == (1, len(clip))
    assert Client().put(link["url"], clip, BYTES, headers=link["headers"]).status_code == 200
    came = api.send("get", upload["parts_url"]).json()["received"]
    assert came == [{"number": 1, "size": len(clip)}]
    assert api.get("upload", upload["id"]).json()["received"] is True

    assert api.send("post", upload["finish_url"]).json()["id"] == upload["id"]
    with tenant(acme.organisation.pk):
        assert stored_files(storage) == [Recording.objects.get().storage_key]


def test_the_same_content_is_told_with_the_recordings_id(api, acme, clip):
    first, second = announce(api, acme, len(clip), title="First"), announce(api, acme, len(clip))
    for upload in (first, second):
        send(api, upload["content_url"], clip)
    known = api.send("post", first["finish_url"]).json()["id"]
    response = api.send("post", second["finish_url"])
    assert problem(response) == (409, "already_uploaded")
    assert response.json()["recording"] == known
    assert "“First”" in response.json()["detail"]
    told = api.get("upload", second["id"]).json()
    assert (told["state"], told["received"]) == ("refused", False)
    assert told["error"] == {"code": "already_uploaded", "detail": response.json()["detail"]}


def test_an_upload_is_aborted(api, acme, storage):
    upload = announce(api, acme)
    send(api, upload["content_url"], b"abc")
    assert api.delete("upload", upload["id"]).status_code == 204
    assert stored_files(storage) == []
    assert problem(api.get("upload", upload["id"])) == (404, "not_found")


def test_an_expired_upload_is_not_there(api, acme):
    upload = announce(api, acme)
    with tenant(acme.organisation.pk):
        Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for response in (api.get("upload", upload["id"]), send(api, upload["content_url"], b"abc")):
        assert problem(response) == (404, "not_found")
