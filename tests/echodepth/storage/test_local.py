import errno
import hashlib
import multiprocessing
import os
import random
import signal
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation

from echodepth.storage import local
from echodepth.storage.local import INCOMING, LocalParts, PartBrokenOffError, PartReplacedError
from echodepth.storage.parts import MOST_PARTS, Part

KEY = "0b5c/recordings/77/media"
PART = 3_000_000
SIZES = (PART, PART, 1_234_567)
DATA = [random.Random(number).randbytes(size) for number, size in enumerate(SIZES)]


@pytest.fixture
def store(tmp_path):
    return LocalParts(tmp_path)


@pytest.fixture
def begun(store):
    return store.begin(KEY, PART)


def send(store, parts_id, number, content=None):
    content = DATA[number - 1] if content is None else content
    return store.receive(KEY, parts_id, number, len(content), BytesIO(content).read)


def left_over(folder):
    return list((folder / INCOMING).rglob("*")) if (folder / INCOMING).exists() else []


def test_parts_in_any_order_become_the_object(store, begun, tmp_path):
    sent = [send(store, begun, number) for number in (3, 1, 2)]
    received = store.received(KEY, begun)

    assert received == sorted(sent, key=lambda part: part.number)
    assert [part.size for part in received] == list(SIZES)
    assert received[0].etag == hashlib.sha256(DATA[0]).hexdigest()
    assert not (tmp_path / KEY).exists()
    store.finish(KEY, begun, received)
    assert (tmp_path / KEY).read_bytes() == b"".join(DATA)
    assert left_over(tmp_path) == []


def test_finishing_moves_the_file_and_copies_nothing(store, begun, tmp_path):
    parts = [send(store, begun, number) for number in (1, 2, 3)]
    (content,) = (tmp_path / INCOMING).rglob("content")
    inode = content.stat().st_ino

    store.finish(KEY, begun, parts)

    assert (tmp_path / KEY).stat().st_ino == inode


def test_a_part_sent_again_takes_the_place_of_the_earlier(store, begun, tmp_path):
    send(store, begun, 1, random.Random(9).randbytes(PART))
    again = send(store, begun, 1)

    assert store.received(KEY, begun) == [again]
    store.finish(KEY, begun, [again])
    assert (tmp_path / KEY).read_bytes() == DATA[0]


def test_a_part_that_breaks_off_is_not_there_and_can_be_sent_again(store, begun, tmp_path):
    with pytest.raises(PartBrokenOffError):
        store.receive(KEY, begun, 1, PART, BytesIO(DATA[0][: PART // 2]).read)
    assert store.received(KEY, begun) == []

    parts = [send(store, begun, number) for number in (1, 2)]
    store.finish(KEY, begun, parts)
    assert (tmp_path / KEY).read_bytes() == DATA[0] + DATA[1]


def test_a_whole_part_is_in_doubt_from_when_it_is_sent_again(store, begun):
    send(store, begun, 1)
    with pytest.raises(PartBrokenOffError):
        store.receive(KEY, begun, 1, PART, BytesIO(b"something else").read)

    assert store.received(KEY, begun) == []


def test_two_parts_at_once(store, begun, tmp_path):
    threads = [threading.Thread(target=send, args=(store, begun, number)) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    store.finish(KEY, begun, store.received(KEY, begun))
    assert (tmp_path / KEY).read_bytes() == b"".join(DATA)


def test_of_two_who_send_one_part_the_later_goes_on(store, begun, tmp_path):
    """The earlier one, whose connection may have hung, writes nothing more."""
    stream = BytesIO(random.Random(9).randbytes(PART))

    def overtaken(size):
        if stream.tell() == 2 * local.PIECE:
            send(store, begun, 1)
        return stream.read(size)

    with pytest.raises(PartReplacedError):
        store.receive(KEY, begun, 1, PART, overtaken)
    store.finish(KEY, begun, store.received(KEY, begun))
    assert (tmp_path / KEY).read_bytes() == DATA[0]


def test_nobody_writes_into_an_object_that_is_finished(store, begun, tmp_path):
    send(store, begun, 1)
    stream = BytesIO(DATA[1])

    def late(size):
        if stream.tell() == 0:
            store.finish(KEY, begun, store.received(KEY, begun))
        return stream.read(size)

    with pytest.raises(FileNotFoundError):
        store.receive(KEY, begun, 2, PART, late)
    assert (tmp_path / KEY).read_bytes() == DATA[0]
    assert left_over(tmp_path) == []


def _send_many(root, parts_id, seed):
    for number in random.Random(seed).choices((1, 2, 3), k=6):
        with suppress(PartReplacedError):
            send(LocalParts(root), parts_id, number)


def test_processes_that_send_the_same_parts_over_each_other(store, begun, tmp_path):
    start = multiprocessing.get_context("spawn")
    others = [start.Process(target=_send_many, args=(tmp_path, begun, seed)) for seed in range(2)]
    for other in others:
        other.start()
    for other in others:
        other.join(60)
    assert [other.exitcode for other in others] == [0, 0]

    for number in {1, 2, 3} - {part.number for part in store.received(KEY, begun)}:
        send(store, begun, number)
    store.finish(KEY, begun, store.received(KEY, begun))
    assert (tmp_path / KEY).read_bytes() == b"".join(DATA)


def _send_half(root, parts_id, ready):
    stream = BytesIO(DATA[0])

    def half(size):
        if stream.tell() >= PART // 2:
            ready.set()
            threading.Event().wait()
        return stream.read(size)

    LocalParts(root).receive(KEY, parts_id, 1, PART, half)


def test_a_process_that_is_killed_leaves_half_a_part_and_no_lock(store, begun, tmp_path):
    start = multiprocessing.get_context("spawn")
    ready = start.Event()
    other = start.Process(target=_send_half, args=(tmp_path, begun, ready))
    other.start()
    assert ready.wait(60)
    other.kill()
    other.join(60)

    assert other.exitcode == -signal.SIGKILL
    assert store.received(KEY, begun) == []
    store.finish(KEY, begun, [send(store, begun, 1)])
    assert (tmp_path / KEY).read_bytes() == DATA[0]


@pytest.mark.parametrize(
    ("number", "size"), [(0, 1), (-1, 1), (MOST_PARTS + 1, 1), (1, 0), (1, -1), (1, PART + 1)]
)
def test_what_is_no_part_is_refused(store, begun, number, size):
    with pytest.raises(ValueError, match="no part"):
        store.receive(KEY, begun, number, size, BytesIO(b"x" * 10).read)


def test_more_than_the_part_is_not_read(store, begun, tmp_path):
    stream = BytesIO(DATA[0] + b"more")
    part = store.receive(KEY, begun, 1, PART, stream.read)

    assert stream.read() == b"more"
    store.finish(KEY, begun, [part])
    assert (tmp_path / KEY).stat().st_size == PART


def parts_like(*facts):
    return [Part(number, size, etag) for number, size, etag in facts]


@pytest.mark.parametrize("wrong", ["none", "gap", "order", "twice", "size", "etag", "absent"])
def test_it_is_finished_with_the_parts_that_came_alone(store, begun, tmp_path, wrong):
    one, two, three = (send(store, begun, number) for number in (1, 2, 3))
    named = {
        "none": [],
        "gap": [one, three],
        "order": [two, one, three],
        "twice": [one, one, two],
        "size": [one, two, Part(3, 1, three.etag)],
        "etag": [one, two, Part(3, three.size, two.etag)],
        "absent": [one, two, three, Part(4, 1, three.etag)],
    }[wrong]

    with pytest.raises(ValueError, match="parts that came"):
        store.finish(KEY, begun, named)
    assert not (tmp_path / KEY).exists()
    store.finish(KEY, begun, [one, two, three])


def test_a_short_part_in_the_middle_would_leave_zeros(store, begun):
    parts = [send(store, begun, 1, b"short"), send(store, begun, 2)]

    with pytest.raises(ValueError, match="short"):
        store.finish(KEY, begun, parts)


def test_etags_may_come_back_in_quotes(store, begun, tmp_path):
    part = send(store, begun, 1)
    store.finish(KEY, begun, [Part(1, part.size, f'"{part.etag}"')])

    assert (tmp_path / KEY).read_bytes() == DATA[0]


@pytest.mark.parametrize("how", ["finish", "abandon"])
def test_what_is_finished_or_abandoned_is_gone(store, begun, tmp_path, how):
    part = send(store, begun, 1)
    if how == "finish":
        store.finish(KEY, begun, [part])
    else:
        store.abandon(KEY, begun)

    for ask in (
        lambda: store.received(KEY, begun),
        lambda: store.finish(KEY, begun, [part]),
        lambda: send(store, begun, 2),
    ):
        with pytest.raises(FileNotFoundError):
            ask()
    store.abandon(KEY, begun)
    assert store.unfinished("") == []
    assert (tmp_path / KEY).exists() == (how == "finish")
    assert left_over(tmp_path) == []


def test_abandoning_one_leaves_others_of_its_folders(store, begun, tmp_path):
    other = store.begin(KEY.replace("77", "78"), PART)
    same = store.begin(KEY, PART)
    store.abandon(KEY, begun)

    assert {found.parts_id for found in store.unfinished("")} == {other, same}
    send(store, same, 1)


def test_unfinished_ones_by_the_beginning_of_their_keys(store, begun):
    elsewhere = store.begin("9f/recordings/1/media", PART)
    send(store, begun, 1)

    assert [(found.key, found.parts_id) for found in store.unfinished("0b5c/")] == [(KEY, begun)]
    assert [found.parts_id for found in store.unfinished("9f/rec")] == [elsewhere]
    assert store.unfinished("77/") == []
    begun_at = store.unfinished("0b5c/")[0].begun_at
    assert abs(datetime.now(UTC) - begun_at) < timedelta(minutes=1)


def test_a_beginning_that_broke_off_is_found_and_abandoned(store, begun, tmp_path):
    for path in [path for path in left_over(tmp_path) if path.is_file()]:
        path.unlink()
    (found,) = store.unfinished("")
    store.abandon(found.key, found.parts_id)

    assert store.unfinished("") == []
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("parts_id", ["", "..", "../x", "0" * 32, "0" * 32 + "-0", "g" * 32 + "-1"])
def test_an_id_that_is_none_of_ours_leads_nowhere(store, parts_id):
    with pytest.raises(FileNotFoundError):
        store.received(KEY, parts_id)
    with pytest.raises(FileNotFoundError):
        store.abandon(KEY, parts_id)


def test_no_key_leads_out_of_the_folder(store, begun):
    with pytest.raises(SuspiciousFileOperation):
        store.begin("../../elsewhere", PART)
    with pytest.raises(SuspiciousFileOperation):
        store.received("../../../elsewhere", begun)


def test_a_full_disk_loses_the_part_alone(store, begun, tmp_path, monkeypatch):
    first = send(store, begun, 1)
    write, room = os.pwrite, [2 * local.PIECE + 17]

    def little_room(handle, content, offset):
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = write(handle, content[: room[0]], offset)
        room[0] -= written
        return written

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", little_room)
        with pytest.raises(OSError, match="No space") as caught:
            send(store, begun, 2)
    assert caught.value.errno == errno.ENOSPC
    assert store.received(KEY, begun) == [first]

    parts = [first, send(store, begun, 2)]
    store.finish(KEY, begun, parts)
    assert (tmp_path / KEY).read_bytes() == DATA[0] + DATA[1]


def test_a_part_is_on_disk_before_it_is_recorded_and_the_file_before_it_is_renamed(
    store, begun, monkeypatch, tmp_path
):
    done = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(handle):
        done.append(("fsync", Path(f"/proc/self/fd/{handle}").readlink().name))
        fsync(handle)

    def noted_replace(path, target):
        done.append(("replace", path.name))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    part = send(store, begun, 1)
    assert done == [("fsync", "content"), ("replace", "made-1")]
    del done[:]
    store.finish(KEY, begun, [part])
    names = ["77", "recordings", "0b5c", tmp_path.name]
    assert done == [("fsync", "content"), ("replace", "content"), *(("fsync", name) for name in names)]


def test_a_crash_between_rename_and_clearing_up_leaves_the_object_and_remains(
    store, begun, tmp_path, monkeypatch
):
    part = send(store, begun, 1)
    with monkeypatch.context() as patch:
        patch.setattr(LocalParts, "_clear", lambda *_where: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.finish(KEY, begun, [part])

    assert (tmp_path / KEY).read_bytes() == DATA[0]
    with pytest.raises(FileNotFoundError):
        store.finish(KEY, begun, [part])
    with pytest.raises(FileNotFoundError):
        store.received(KEY, begun)
    assert [found.parts_id for found in store.unfinished("")] == [begun]
    store.abandon(KEY, begun)
    assert store.unfinished("") == []
    assert (tmp_path / KEY).read_bytes() == DATA[0]
