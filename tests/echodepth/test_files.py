import time
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.http import Http404

from echodepth import files
from echodepth.errors import UserError
from echodepth.tenancy import current_tenant, tenant

HERE, THERE = uuid4(), uuid4()


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    place = {"location": str(tmp_path), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": place}}


@pytest.fixture
def objects(monkeypatch):
    """Object's id -> (organisation, key): a kind of file without a database."""
    held = {}

    def find(object_id: UUID) -> files.StoredFile:
        organisation, key = held.get(object_id, (None, ""))
        if organisation != current_tenant():
            raise Http404
        return files.StoredFile(key, "Größe.txt", "text/plain")

    monkeypatch.setattr(files, "_kinds", {"note": find})
    return held


@pytest.fixture
def note(objects):
    key = default_storage.save(f"{HERE}/notes/1", ContentFile(b"<script>alert(1)</script>"))
    object_id = uuid4()
    objects[object_id] = (HERE, key)
    return object_id


def linked(kind, object_id, organisation=HERE):
    """The link's token."""
    with tenant(organisation):
        return files.link(kind, object_id).removeprefix("/files/").removesuffix("/")


def refused(token):
    with pytest.raises(UserError) as caught:
        files.answer(files.read_token(token))
    return caught.value.code, caught.value.status


def test_a_link_leads_to_the_file_as_an_attachment(note):
    answer = files.answer(files.read_token(linked("note", note)))

    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    answer.file_to_stream.close()
    assert answer["Content-Type"] == "text/plain"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.txt")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert current_tenant() is None


def test_a_link_is_good_for_a_minute(note, monkeypatch):
    token, now = linked("note", note), time.time()
    monkeypatch.setattr("time.time", lambda: now + 59)
    files.answer(files.read_token(token)).file_to_stream.close()
    monkeypatch.setattr("time.time", lambda: now + 61)

    assert refused(token) == ("link_expired", 410)


def test_a_rotated_secret_still_verifies_and_a_strange_one_does_not(note, settings):
    token = linked("note", note)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret of this site"
    files.answer(files.read_token(token)).file_to_stream.close()
    settings.SECRET_KEY_FALLBACKS = []

    with pytest.raises(Http404):
        files.read_token(token)


def test_what_was_signed_for_something_else_is_no_link(note):
    with tenant(HERE):
        other = files.signing.dumps(["note", HERE.hex, note.hex], salt="another purpose")

    for token in (other, "x", linked("note", note)[:-1], linked("note", note).replace(":", "", 1)):
        with pytest.raises(Http404):
            files.read_token(token)


def test_a_link_says_nothing_in_clear_but_ids(note):
    payload = files.signing.loads(linked("note", note), salt=files.SALT)

    assert payload == ["note", HERE.hex, note.hex]


def test_another_organisations_object_cannot_be_linked(note):
    with pytest.raises(Http404):
        linked("note", note, organisation=THERE)
    with pytest.raises(Http404):
        linked("letter", note)


def test_a_link_is_made_inside_a_scope(note):
    with pytest.raises(RuntimeError, match="scope"):
        files.link("note", note)


@pytest.mark.parametrize(
    "key",
    [f"{THERE}/notes/1", "notes/1", f"{HERE}", f"{HERE}x/1"],
    ids=["another", "none", "no folder", "longer name"],
)
def test_a_key_that_does_not_begin_with_the_organisation_is_never_served(key, objects):
    object_id = uuid4()
    objects[object_id] = (HERE, key)

    with pytest.raises(RuntimeError, match="names another organisation"):
        linked("note", object_id)


def test_a_file_that_is_not_there_is_said(objects, note):
    token = linked("note", note)
    default_storage.delete(objects[note][1])
    empty = uuid4()
    objects[empty] = (HERE, "")

    assert refused(token) == ("file_not_there", 404)
    with pytest.raises(UserError, match="file_not_there"):
        linked("note", empty)


@pytest.mark.parametrize("call", ["exists", "open"])
def test_storage_that_does_not_answer_is_no_missing_file(note, monkeypatch, call):
    token = linked("note", note)

    def refuse(*_what):
        raise OSError("nobody answers")

    monkeypatch.setattr(type(storages["default"]), call, refuse)
    assert refused(token) == ("storage_unavailable", 503)


def test_a_link_dies_with_its_object(objects, note):
    found = files.read_token(linked("note", note))
    del objects[note]

    with pytest.raises(Http404):
        files.answer(found)


def test_a_file_that_is_made_anew_is_what_comes(objects, note, tmp_path, monkeypatch):
    made = tmp_path / "made.csv"
    made.write_bytes(b"a,b\n")

    def find(_object_id):
        return files.StoredFile(objects[note][1], "made.csv", "text/csv", lambda: made.open("rb"))

    monkeypatch.setattr(files, "_kinds", {"table": find})
    answer = files.answer(files.read_token(linked("table", note)))

    assert b"".join(answer.streaming_content) == b"a,b\n"
    answer.file_to_stream.close()
