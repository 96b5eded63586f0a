"""What holds of every kind of storage: a local folder, moto's server, and Ceph's, which checks signatures."""

import random
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from analysis.domain import objects
from echodepth import files
from echodepth.storage.chosen import part_store
from echodepth.storage.parts import MIB, PART_SIZE, Part, sizes
from echodepth.tenancy import tenant
from tests.support.object_stores import MOTO, send

PART = 5 * MIB
"""The least that S3 takes."""
SIZES = (PART, PART, 1_234_567)
DATA = [random.Random(number).randbytes(size) for number, size in enumerate(SIZES)]


@pytest.fixture
def organisation(kind):
    return str(uuid4())


@pytest.fixture
def key(organisation):
    return f"{organisation}/recordings/77/media"


def send_part(key, parts_id, number, content=None):
    """Sent by its link; as the storage tells it then."""
    content = DATA[number - 1] if content is None else content
    status, etag = send(part_store().link(key, parts_id, number, len(content)), content)
    assert status == 200
    return Part(number, len(content), etag)


def read(key):
    with default_storage.open(key) as stored:
        return stored.read()


def plain(parts):
    return [Part(part.number, part.size, part.etag.strip('"')) for part in parts]


def test_parts_by_their_links_become_the_object(key):
    store = part_store()
    parts_id = store.begin(key, PART)
    sent = [send_part(key, parts_id, number) for number in (3, 1, 2)]
    received = store.received(key, parts_id)

    assert plain(received) == plain(sorted(sent, key=lambda part: part.number))
    assert not default_storage.exists(key)
    store.finish(key, parts_id, received)
    assert default_storage.size(key) == sum(SIZES)
    assert read(key) == b"".join(DATA)


def test_a_part_sent_again_takes_the_place_of_the_earlier(key):
    parts_id = part_store().begin(key, PART)
    send_part(key, parts_id, 1, b"x" * PART)
    again = send_part(key, parts_id, 1)

    assert plain(part_store().received(key, parts_id)) == plain([again])
    part_store().finish(key, parts_id, [again])
    assert read(key) == DATA[0]


def test_what_the_client_says_of_its_parts_is_compared(key):
    parts_id = part_store().begin(key, PART)
    one, two = (send_part(key, parts_id, number) for number in (1, 2))
    for wrong in ([], [two], [two, one], [one, Part(2, two.size, one.etag)], [one, Part(2, 1, two.etag)]):
        with pytest.raises(ValueError, match="parts that came"):
            part_store().finish(key, parts_id, wrong)

    assert not default_storage.exists(key)
    part_store().finish(key, parts_id, [one, two])
    assert read(key) == DATA[0] + DATA[1]


@pytest.mark.parametrize("how", ["finish", "abandon"])
def test_what_is_finished_or_abandoned_is_gone(key, kind, how):
    store = part_store()
    parts_id = store.begin(key, PART)
    link = store.link(key, parts_id, 2, PART)
    part = send_part(key, parts_id, 1)
    if how == "finish":
        store.finish(key, parts_id, [part])
    else:
        store.abandon(key, parts_id)

    with pytest.raises(FileNotFoundError):
        store.received(key, parts_id)
    with pytest.raises(FileNotFoundError):
        store.finish(key, parts_id, [part])
    assert send(link, DATA[1])[0] == (500 if kind == MOTO else 404)  # moto trips over it
    store.abandon(key, parts_id)
    assert default_storage.exists(key) == (how == "finish")


def test_what_is_begun_and_not_finished_is_listed(key, organisation, kind):
    store = part_store()
    parts_id, other = store.begin(key, PART), store.begin(f"{uuid4()}/recordings/1/media", PART)
    send_part(key, parts_id, 1)
    (found,) = store.unfinished(f"{organisation}/")

    assert (found.key, found.parts_id) == (key, parts_id)
    # moto says the same day of 2010 of every one
    assert kind == MOTO or abs(datetime.now(UTC) - found.begun_at) < timedelta(minutes=2)
    assert other not in {found.parts_id for found in store.unfinished(f"{organisation}/rec")}
    store.abandon(key, parts_id)
    assert store.unfinished(f"{organisation}/") == []


def test_a_link_takes_its_own_number_of_bytes_alone(key, kind):
    if kind == MOTO:
        pytest.xfail("moto checks no signature, so no length that is signed")
    parts_id = part_store().begin(key, PART)
    link = part_store().link(key, parts_id, 1, PART)

    for content in (DATA[0] + b"x", DATA[0][:-1]):
        assert send(link, content)[0] in {400, 403}
    assert part_store().received(key, parts_id) == []
    assert send(link, DATA[0])[0] == 200


def test_objects_come_and_go(key, organisation):
    assert not default_storage.exists(key)
    with pytest.raises(FileNotFoundError):
        default_storage.open(key)
    with pytest.raises(FileNotFoundError):
        default_storage.size(key)
    assert default_storage.save(key, ContentFile(b"content")) == key
    assert default_storage.exists(key)
    assert not default_storage.exists(key[:-1])
    assert default_storage.size(key) == 7
    assert default_storage.listdir(f"{organisation}/recordings") == (["77"], [])
    assert default_storage.listdir(f"{organisation}/recordings/77") == ([], ["media"])
    objects.erase(key)
    objects.erase(key)
    assert not default_storage.exists(key)


def test_a_stream_without_an_end_known_is_stored(key):
    class Coming:
        name = "content"

        def __init__(self):
            self._rest = BytesIO(b"".join(DATA))

        def read(self, size=-1):
            return self._rest.read(size)

    default_storage.save(key, objects.File(Coming()))
    assert read(key) == b"".join(DATA)


def test_an_object_as_a_local_file(key, tmp_path, kind):
    source = tmp_path / "source"
    source.write_bytes(b"".join(DATA))
    ticks = []
    assert objects.store(key, source) == key
    folder = tmp_path / "work"
    folder.mkdir()
    path = objects.local_file(key, folder, lambda: ticks.append(1))

    assert path.read_bytes() == source.read_bytes()
    assert bool(ticks) == (kind != "folder")
    with pytest.raises(FileNotFoundError):
        objects.local_file(key + "x", folder, lambda: None)


def test_an_object_is_read_from_any_place(key):
    default_storage.save(key, ContentFile(DATA[0]))
    with default_storage.open(key) as stored:
        assert stored.size == PART
        stored.seek(-10, 2)
        assert stored.read() == DATA[0][-10:]
        stored.seek(100)
        assert stored.read(5) == DATA[0][100:105]
        assert stored.tell() == 105
        assert b"".join(stored.chunks()) == DATA[0]


def test_a_download_by_our_own_link(key, organisation, monkeypatch):
    """Nobody is sent to the server: what comes is named, of a type of ours, and never sniffed."""
    default_storage.save(key, ContentFile(DATA[0]))
    monkeypatch.setattr(
        files, "_kinds", {"note": lambda _id: files.StoredFile(key, "a.pdf", "application/pdf")}
    )
    with tenant(UUID(organisation)):
        link = files.link("note", uuid4())
    answer = files.answer(files.read_token(link.removeprefix("/files/").removesuffix("/")))

    assert answer["Content-Length"] == str(PART)
    assert answer["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert b"".join(answer.streaming_content) == DATA[0]
    answer.file_to_stream.close()


def test_a_folder_is_erased_and_what_is_to_be_kept_is_kept(organisation):
    names = [f"{organisation}/runs/1/{name}" for name in ("a/x", "a/y", "b", "c/d/e")]
    beside = f"{organisation}/runs/10/a"
    for name in (*names, beside):
        default_storage.save(name, ContentFile(b"x"))

    objects.erase_folder(f"{organisation}/runs/1", keep=[names[1]])
    assert [name for name in names if default_storage.exists(name)] == [names[1]]
    objects.erase_folder(f"{organisation}/runs/1")
    assert not any(default_storage.exists(name) for name in names)
    assert default_storage.exists(beside)
    objects.erase_folder(f"{organisation}/runs/1")


def test_two_objects_of_one_key_are_two(key):
    first = default_storage.save(key, ContentFile(b"first"))
    second = default_storage.save(key, ContentFile(b"second"))

    assert first != second
    assert (read(first), read(second)) == (b"first", b"second")


def test_the_size_of_parts_is_taken_by_every_kind(key):
    """A large file by the part size that the product chooses: the last part may be a single byte."""
    size = PART_SIZE + 1
    content = random.Random(3).randbytes(size)
    parts_id = part_store().begin(key, PART_SIZE)
    offset, sent = 0, []
    for number, length in enumerate(sizes(size, PART_SIZE), 1):
        sent.append(send_part(key, parts_id, number, content[offset : offset + length]))
        offset += length
    part_store().finish(key, parts_id, sent)

    with default_storage.open(key) as stored:
        assert stored.read() == content
