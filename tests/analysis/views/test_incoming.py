"""Uploading in parts through the portal, as the page's script does it."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from analysis.domain.intake import finishing
from analysis.enums import UploadState
from analysis.models import Recording, Upload
from echodepth.storage.local import LocalParts
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files
from tests.support.tenants import every, save
from tests.support.uploads import another

JSON = {"Accept": "application/json"}


@pytest.fixture
def client(acme):
    return acme.client()


def post(client, address, told=None):
    text = json.dumps(told) if told is not None else ""
    return client.post(address, text, content_type="application/json", headers=JSON)


def announce(client, place, length, **more):
    told = {"project": str(place.project.pk), "file_name": "Talk.mp4", "size": length, "client_key": "k1"}
    return post(client, place.address("uploads/"), told | more)


def send(client, facts, content):
    """Every part through its link, by nobody in particular."""
    numbers = list(range(1, facts["parts"] + 1))
    links = post(client, facts["links_url"], {"numbers": numbers}).json()["links"]
    for link in links:
        piece = content[(link["number"] - 1) * facts["part_size"] :][: facts["part_size"]]
        answer = client.put(link["url"], piece, "application/octet-stream", headers=link["headers"])
        assert answer.status_code == 200


def upload(client, place, content, **more):
    facts = announce(client, place, len(content), **more).json()
    send(client, facts, content)
    return facts, post(client, facts["finish_url"])


def test_a_recording_comes_in_parts(acme, client, clip, storage):
    begun = announce(client, acme, len(clip), subject="P-1", title="First talk")
    facts = begun.json()
    assert begun.status_code == 201
    assert facts["url"] == acme.address(f"uploads/{facts['id']}/")
    assert (facts["state"], facts["received"], facts["percent"], facts["parts"]) == ("open", [], 0, 1)
    assert facts["whole"] is False
    send(client, facts, clip)
    on_the_way = client.get(facts["url"], headers=JSON).json()
    assert on_the_way["received"] == [{"number": 1, "size": len(clip)}]
    assert (on_the_way["percent"], on_the_way["received_bytes"]) == (100, len(clip))

    finished, again = (post(client, facts["finish_url"]) for _ in range(2))

    (recording,) = every(Recording)
    link = {"title": "First talk", "url": acme.address(f"recordings/{recording.pk}/")}
    assert (finished.status_code, again.status_code) == (201, 200)
    assert finished.json() == again.json() == link
    assert recording.uploaded_by == acme.user
    done = client.get(facts["url"], headers=JSON).json()
    assert (done["state"], done["recording"], done["error"]) == ("done", link, None)
    assert stored_files(storage) == [recording.storage_key]


def test_the_same_file_goes_on_where_it_was(acme, client, clip):
    facts = announce(client, acme, len(clip)).json()
    send(client, facts, clip)
    again = announce(client, acme, len(clip), title="Better")
    assert again.status_code == 200
    assert (again.json()["id"], again.json()["title"]) == (facts["id"], "Better")
    assert [part["number"] for part in again.json()["received"]] == [1]
    assert announce(client, acme, len(clip), client_key="k2").status_code == 201


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": "big"}, "size"),
        ({"size": 2**63}, "size"),
        ({"file_name": ""}, "file_name"),
        ({"project": "x"}, "project"),
        ({"title": "x" * 201}, "title"),
        ({"client_key": "x" * 65}, "client_key"),
    ],
)
def test_a_wrong_announcement_is_refused_by_field(acme, client, told, field):
    answer = announce(client, acme, 3, **told)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["fields"]) == [field]
    assert answer.json()["sentence"] == answer.json()["fields"][field][0]
    assert every(Upload) == []


def test_another_organisations_project_is_no_choice(acme, other, client):
    answer = announce(client, acme, 3, project=str(other.project.pk))
    assert list(answer.json()["fields"]) == ["project"]
    assert every(Upload) == []


@pytest.mark.parametrize("body", ["[]", "{", "\udce4"])
def test_a_body_that_is_no_object_is_refused(acme, client, body):
    sent = body.encode("utf-8", "surrogateescape")
    answer = client.post(acme.address("uploads/"), sent, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("numbers", [None, [], ["x"], [2], [0], "1x", {"a": 1}, [None]])
def test_links_are_for_the_numbers_of_parts(acme, client, numbers):
    facts = announce(client, acme, 3).json()
    answer = post(client, facts["links_url"], {"numbers": numbers})
    assert (answer.status_code, answer.json()["code"] in {"malformed", "part_unknown"}) == (400, True)
    assert every(Upload)[0].parts_id == ""


def test_a_refusal_is_told_now_and_later(acme, client, storage):
    facts, answer = upload(client, acme, b"This is not a video. " * 20)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")
    later = client.get(facts["url"], headers=JSON).json()
    assert (later["state"], later["error"], later["percent"]) == ("refused", answer.json(), 0)
    assert (later["received"], later["recording"]) == ([], None)
    assert stored_files(storage) == []


def test_what_was_uploaded_already_is_named_and_linked(acme, other, client, clip):
    theirs = other.client()
    upload(theirs, other, clip, title="Secret of others")
    _facts, first = upload(client, acme, clip, title="First")
    assert first.status_code == 201
    facts, answer = upload(client, acme, clip, title="Second", file_name="other.mov", client_key="k3")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_uploaded")
    assert answer.json()["recording"] == first.json()
    assert "Secret" not in answer.content.decode()
    assert client.get(facts["url"], headers=JSON).json()["recording"] == first.json()
    with tenant(acme.organisation.pk):
        Recording.objects.all().delete()
    assert client.get(facts["url"], headers=JSON).json()["recording"] is None


def test_another_check_is_waited_for(acme, client, clip):
    facts = announce(client, acme, len(clip)).json()
    send(client, facts, clip)
    (row,) = every(Upload)
    save(row, state=UploadState.CHECKING, checking_until=timezone.now() + timedelta(minutes=1))
    answer = post(client, facts["finish_url"])
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "upload_checking", "2")
    assert client.get(facts["url"], headers=JSON).json()["state"] == "checking"


def test_a_check_that_broke_off_left_the_whole_file_and_no_parts(acme, client, clip, storage, monkeypatch):
    def break_off(*_args):
        raise ConnectionResetError

    with monkeypatch.context() as broken:
        broken.setattr(finishing.objects, "local_file", break_off)
        facts, answer = upload(client, acme, clip)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    later = client.get(facts["url"], headers=JSON).json()
    assert (later["state"], later["received"], later["whole"], later["percent"]) == ("open", [], True, 100)
    answer = post(client, facts["links_url"], {"numbers": [1]})
    assert (answer.status_code, answer.json()["code"]) == (409, "content_received")
    assert post(client, facts["finish_url"]).status_code == 201
    assert stored_files(storage) == [every(Recording)[0].storage_key]


def test_storage_that_is_down_is_told(acme, client, clip, monkeypatch):
    def down(*_args):
        raise ConnectionRefusedError

    facts = announce(client, acme, len(clip)).json()
    monkeypatch.setattr(LocalParts, "begin", down)
    answer = post(client, facts["links_url"], {"numbers": [1]})
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert int(answer["Retry-After"]) > 0
    monkeypatch.undo()
    send(client, facts, clip)
    monkeypatch.setattr(LocalParts, "received", down)
    assert client.get(facts["url"], headers=JSON).status_code == 503
    page = client.get(acme.address("upload/"))
    assert (page.status_code, page.context["open_uploads"]) == (200, [])


def test_an_upload_is_given_up(acme, client, clip, storage):
    facts = announce(client, acme, len(clip)).json()
    send(client, facts, clip)
    assert post(client, facts["abort_url"]).status_code == 204
    assert every(Upload) == []
    assert stored_files(storage) == []
    by_form = client.post(announce(client, acme, 3).json()["abort_url"])
    assert (by_form.status_code, by_form.url) == (302, acme.address("upload/"))
    assert "was given up" in client.get(by_form.url).content.decode()


def test_the_page_knows_what_the_person_began(acme, other, client, clip):
    facts = announce(client, acme, len(clip)).json()
    send(client, facts, clip)
    announce(acme.client(Role.ADMIN), acme, 3, file_name="Of a colleague.mp4")
    announce(other.client(), other, 3, file_name="Of others.mp4")
    (shown,) = client.get(acme.address("upload/")).context["open_uploads"]
    assert (shown["id"], shown["percent"], shown["client_key"]) == (facts["id"], 100, "k1")
    assert shown["expires_at"] > timezone.now()


def answers(client, facts):
    """Of every address of an upload, without what differs by request."""
    found = [client.get(facts["url"], headers=JSON)]
    found += [post(client, facts[f"{name}_url"], {"numbers": [1]}) for name in ("links", "finish", "abort")]
    return [(answer.status_code, answer.content) for answer in found]


def test_who_signed_in_again_gets_a_token_for_the_page_that_is_open(acme):
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = acme.client().cookies

    def announced(token):
        told = {"project": str(acme.project.pk), "file_name": "Talk.mp4", "size": 3}
        headers = JSON | {"X-CSRFToken": token}
        return checked.post(
            acme.address("uploads/"), json.dumps(told), content_type="application/json", headers=headers
        )

    page = checked.get(acme.address("upload/"))
    assert announced(str(page.context["csrf_token"])).status_code == 201
    del checked.cookies[settings.CSRF_COOKIE_NAME]  # as signing in changes it
    answer = checked.get(acme.address("uploads/token/"), headers=JSON)
    refused = announced(str(page.context["csrf_token"]))
    assert (refused.status_code, refused.json()["code"]) == (403, "page_expired")
    assert announced(answer.json()["token"]).status_code == 201
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("who", ["colleague", "other organisation"])
def test_somebody_elses_upload_reads_like_one_that_is_not_there(acme, other, client, clip, storage, who):
    facts = announce(client, acme, len(clip)).json()
    send(client, facts, clip)
    before = stored_files(storage)
    place = acme if who == "colleague" else other
    asking = place.client(Role.ADMIN)
    theirs = {name: str(url).replace("/o/acme/", f"/o/{place.slug}/") for name, url in facts.items()}
    missing = {name: url.replace(facts["id"], "0" * 8 + facts["id"][8:]) for name, url in theirs.items()}

    assert answers(asking, theirs) == answers(asking, missing)
    assert {status for status, _body in answers(asking, theirs)} == {404}
    assert stored_files(storage) == before
    assert every(Upload)[0].state == UploadState.OPEN
    assert post(client, facts["finish_url"]).status_code == 201


def test_a_file_larger_than_the_installation_takes_is_refused(acme, client, settings, clip):
    settings.MAX_UPLOAD_BYTES = 10
    answer = announce(client, acme, 11)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    save(acme.organisation, quota_bytes=9)
    answer = announce(client, acme, 10)
    assert (answer.status_code, answer.json()["code"]) == (409, "quota_bytes")
    assert every(Upload) == []


def test_one_after_the_other_is_no_copy(acme, client, clip):
    statuses = [
        upload(client, acme, another(clip, number), client_key=str(number))[1].status_code
        for number in range(2)
    ]
    assert statuses == [201, 201]
