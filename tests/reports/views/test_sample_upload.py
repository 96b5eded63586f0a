"""The prospect's uploader, as the page's script and the form without script use it."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis.models import Document, Recording, Upload
from echodepth import middleware
from echodepth.tenancy import tenant
from echodepth.uploads import SMALL_BODY
from reports.domain.samples import asking, receiving
from reports.enums import SampleState
from reports.models import SampleRequest
from reports.views import sample_upload
from tests.factories import MembershipFactory, UploadFactory
from tests.support.clips import portrait_clip
from tests.support.pages import text_of
from tests.support.samples import asked, desk
from tests.support.tenants import every, fresh, save

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> bytes:
    return portrait_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", frames=30).read_bytes()


@pytest.fixture
def issued():
    desk()
    return asked()


@pytest.fixture
def prospect(issued) -> Client:
    """A browser in which the link was opened."""
    client = Client()
    client.get(visit(issued))
    return client


def at(name, client, *args) -> str:
    """The uploader's address for the request that this browser knows."""
    return f"{reverse(name, args=args)}?sample={sample_upload.mark(client.session.get('sample', ''))}"


def visit(issued) -> str:
    return reverse("sample-visit", args=[issued.secret])


def post(client, address, told=None):
    text = json.dumps(told) if told is not None else ""
    return client.post(address, text, content_type="application/json", headers=JSON)


def announce(client, length, **more):
    told = {"file_name": "Our pitch.mp4", "size": length, "client_key": "k1"} | more
    return post(client, at("sample-upload-announce", client), told)


def send(client, facts, content):
    numbers = list(range(1, facts["parts"] + 1))
    for link in post(client, facts["links_url"], {"numbers": numbers}).json()["links"]:
        piece = content[(link["number"] - 1) * facts["part_size"] :][: facts["part_size"]]
        answer = client.put(link["url"], piece, "application/octet-stream", headers=link["headers"])
        assert answer.status_code == 200


def by_form(client, content, name="Our pitch.mp4", **more):
    told = {"upload": SimpleUploadedFile(name, content)} | more
    return client.post(at("sample-upload", client), told)


def test_a_recording_comes_in_parts_from_who_opened_the_link(prospect, issued, clip):
    begun = announce(prospect, len(clip))
    facts = begun.json()
    send(prospect, facts, clip)
    on_the_way = prospect.get(facts["url"], headers=JSON).json()
    finished, again = (post(prospect, facts["finish_url"]) for _number in range(2))

    assert begun.status_code == 201
    assert on_the_way["received"] == [{"number": 1, "size": len(clip)}]
    (recording,) = every(Recording)
    assert (finished.status_code, again.status_code) == (201, 200)
    assert finished.json() == again.json() == {"title": "Our pitch", "url": ""}
    assert (recording.project_id, recording.uploaded_by_id) == (issued.sample.project_id, None)
    assert fresh(issued.sample).recording_id == recording.pk
    assert prospect.get(facts["url"], headers=JSON).json()["state"] == "done"


def test_the_same_file_goes_on_where_it_was(prospect, clip):
    facts = announce(prospect, len(clip)).json()
    send(prospect, facts, clip)

    again = announce(prospect, len(clip))

    assert (again.status_code, again.json()["id"]) == (200, facts["id"])
    assert [part["number"] for part in again.json()["received"]] == [1]
    assert "Our pitch.mp4" in text_of(prospect.get(visit_of(prospect)))


def visit_of(client) -> str:
    """The page, by a new link: the secret is kept nowhere."""
    from reports.domain.samples import links

    (sample,) = every(SampleRequest)
    with tenant(sample.organisation_id):
        return reverse("sample-visit", args=[links.renew(sample)])


@pytest.mark.parametrize("session", ["none", "another's", "nobody's"])
def test_who_does_not_know_the_link_reaches_nothing(issued, prospect, clip, session):
    facts = announce(prospect, len(clip)).json()
    client = Client()
    if session == "another's":
        client.get(visit(asked(email="ada@other.example")))
    if session == "nobody's":
        client.session.save()

    answers = [
        client.get(facts["url"], headers=JSON),
        post(client, facts["links_url"], {"numbers": [1]}),
        post(client, facts["finish_url"]),
        post(client, facts["abort_url"]),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "sample_unknown")}
    if session == "another's":
        mine = client.get(at("sample-upload-facts", client, facts["id"]), headers=JSON)
        assert mine.status_code == 404
        answers.append(mine)
    for answer in answers:
        assert "pitch" not in answer.content.decode()
        assert str(issued.sample.pk) not in answer.content.decode()
    assert [upload.state for upload in every(Upload)] == ["open"]
    if session != "another's":
        assert announce(client, 3).json()["code"] == "sample_unknown"
        assert by_form(client, clip).status_code == 409
        assert every(Recording) == []


def test_an_upload_of_a_colleague_in_the_project_is_not_the_prospects(prospect, issued):
    user = MembershipFactory().user
    theirs = UploadFactory(project=issued.sample.project, created_by=user, original_name="Internal.mp4")
    save(theirs, expires_at=timezone.now() + timedelta(hours=1))

    answer = prospect.get(at("sample-upload-facts", prospect, theirs.pk), headers=JSON)

    assert answer.status_code == 404
    assert "Internal" not in answer.content.decode()
    assert "Internal" not in text_of(prospect.get(visit(issued)))


@pytest.mark.parametrize(
    ("told", "field"),
    [({"size": 0}, "size"), ({"file_name": ""}, "file_name"), ({"client_key": "x" * 65}, "client_key")],
)
def test_a_wrong_announcement_is_refused_by_field(prospect, told, field):
    answer = announce(prospect, 3, **told)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["fields"]) == [field]
    assert every(Upload) == []


def test_more_than_a_gigabyte_is_refused_before_it_comes(prospect):
    answer = announce(prospect, 1_000_000_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert every(Upload) == []


def test_a_refusal_is_told_now_and_later(prospect, issued):
    content = b"This is not a video. " * 20
    facts = announce(prospect, len(content)).json()
    send(prospect, facts, content)

    answer = post(prospect, facts["finish_url"])

    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")
    later = prospect.get(facts["url"], headers=JSON).json()
    assert (later["state"], later["error"]) == ("refused", answer.json())
    assert (every(Recording), fresh(issued.sample).recording_id) == ([], None)


def test_an_upload_is_given_up(prospect, issued):
    facts = announce(prospect, 3).json()
    scripted = post(prospect, facts["abort_url"])
    left = every(Upload)
    facts = announce(prospect, 3).json()
    by_hand = prospect.post(facts["abort_url"], {"next": visit(issued)})

    assert (scripted.status_code, left) == (204, [])
    assert by_hand.url == visit(issued)
    assert every(Upload) == []


def test_without_script_a_recording_comes_with_the_form(prospect, issued, clip):
    answer = by_form(prospect, clip, next=visit(issued))

    assert answer.url == visit(issued)
    assert "“Our pitch.mp4” has come in." in text_of(prospect.get(visit(issued)))
    assert fresh(issued.sample).recording_id == every(Recording)[0].pk


def test_a_document_comes_with_the_form(prospect, issued):
    with tenant(issued.sample.organisation_id):
        asking.confirm(issued.sample)

    by_form(prospect, b"Our speech.", "Speech.MD", next=visit(issued))

    (document,) = every(Document)
    assert (fresh(issued.sample).document_id, fresh(issued.sample).state) == (
        document.pk,
        SampleState.RECEIVED,
    )
    assert "A person works on it by hand" in text_of(prospect.get(visit(issued)))


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example/sample/", "/o/secret/", "/de/questions/", "", "x"]
)
def test_it_goes_on_at_a_page_of_ours_alone(prospect, clip, page):
    assert by_form(prospect, clip, next=page).url == reverse("sample-sent")


def test_who_asked_in_another_language_goes_on_there(prospect, clip):
    answer = by_form(prospect, clip, next="/de/sample/sent/")

    assert answer.url == "/de/sample/sent/"
    assert "„Our pitch.mp4“ ist angekommen." in text_of(prospect.get(answer.url))


def test_an_upload_is_given_up_in_another_language(prospect):
    facts = announce(prospect, 3).json()

    answer = prospect.post(facts["abort_url"], {"next": "/es/sample/sent/"}, follow=True)

    assert answer.redirect_chain == [("/es/sample/sent/", 302)]
    assert "Se ha cancelado la subida de «Our pitch.mp4»." in text_of(answer)


def test_without_a_file_nothing_is_received(prospect, issued):
    answer = prospect.post(at("sample-upload", prospect), {"next": visit(issued)})
    assert answer.status_code == 400
    assert "Choose a file first." in text_of(answer)


def test_files_are_not_sent_without_end(prospect):
    codes = [announce(prospect, 3).status_code for _number in range(21)]
    assert codes == [201, *[200] * 19, 429]


def test_a_large_body_is_read_from_who_may_send_it_alone(prospect, issued):
    claimed = {"content_type": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(SMALL_BODY + 1)}

    page = at("sample-upload", prospect)

    stranger = Client().post(page, b"x", **claimed)
    save(fresh(issued.sample), state=SampleState.DECLINED)
    over = prospect.post(page, b"x", **claimed)

    assert (stranger.status_code, over.status_code) == (409, 409)
    assert "which request this file is for" in text_of(stranger)
    assert "has its file already" in text_of(over)


def test_a_token_for_the_page_that_is_open(prospect):
    assert len(prospect.get(at("sample-upload-token", prospect), headers=JSON).json()["token"]) > 30
    assert Client().get("/sample/upload/token/", headers=JSON).json()["code"] == "sample_unknown"


def test_without_a_desk_nothing_is_taken(prospect, issued, clip):
    save(fresh(issued.sample.organisation), is_desk=False)
    assert announce(prospect, 3).json()["code"] == "sample_unknown"
    assert by_form(prospect, clip).status_code == 409
    assert every(Recording) == []


def test_a_page_opened_before_another_requests_sends_that_one_nothing(prospect, issued, clip):
    facts = announce(prospect, len(clip)).json()
    page = prospect.get(visit(issued)).content.decode()
    old = {name: at(name, prospect) for name in ("sample-upload", "sample-upload-announce")}
    assert page.count(f'action="{old["sample-upload"]}"') == 2
    assert f'data-upload="{old["sample-upload-announce"]}"' in page

    prospect.get(visit(asked(email="ada@other.example")))
    by_hand = prospect.post(old["sample-upload"], {"upload": SimpleUploadedFile("Our pitch.mp4", clip)})
    without = prospect.post("/sample/upload/", {"upload": SimpleUploadedFile("Our pitch.mp4", clip)})
    told = {"file_name": "Our pitch.mp4", "size": len(clip), "client_key": "k1"}
    scripted = post(prospect, old["sample-upload-announce"], told)
    on_the_way = post(prospect, facts["links_url"], {"numbers": [1]})

    assert {found.status_code for found in (by_hand, without, scripted, on_the_way)} == {409}
    assert scripted.json()["code"] == on_the_way.json()["code"] == "sample_unknown"
    assert "Load the page again" in scripted.json()["sentence"]
    assert "Load the page again" in text_of(by_hand)
    assert every(Recording) == []
    assert [upload.project_id for upload in every(Upload)] == [issued.sample.project_id]


def test_nobody_makes_the_server_read_more_than_a_sample_has(prospect, monkeypatch):
    for module in (middleware, sample_upload):
        monkeypatch.setattr(module, "SMALL_BODY", 10)
    monkeypatch.setattr(receiving, "MOST_BYTES", 5000)
    monkeypatch.setattr(sample_upload, "MULTIPART_OVERHEAD", 1000)

    def spooled(size):
        return by_form(prospect, b"x" * size)

    over = spooled(6001)
    let_in = [spooled(4000).status_code for _number in range(20)]

    assert over.status_code == 413
    assert "larger than a free sample may be" in text_of(over)
    assert let_in == [400] * 20
    assert spooled(4000).status_code == 429
    assert every(Recording) == []


def test_parts_are_taken_no_more_once_another_file_is_there(prospect, issued, clip):
    facts = announce(prospect, len(clip)).json()
    send(prospect, facts, clip)
    save(fresh(issued.sample), state=SampleState.DECLINED)

    answers = [post(prospect, facts["links_url"], {"numbers": [1]}), post(prospect, facts["finish_url"])]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "sample_has_file")}
    assert (every(Recording), fresh(issued.sample).recording_id) == ([], None)
