import os
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from threading import Event, Thread
from uuid import uuid4

import pytest
from django.utils import timezone

from analysis.domain.work import runs, segments, workplaces
from analysis.enums import RunState
from analysis.models import Run
from echodepth.tenancy import tenant
from tests.support.engines import plan_of
from tests.support.storage import RemoteStorage
from tests.support.tenants import save


@pytest.fixture(autouse=True)
def work(settings, tmp_path):
    settings.DATA_FOLDER = tmp_path / "var"
    return tmp_path / "var" / "work"


def claimed(place):
    run = place.run()
    with tenant(place.organisation.pk):
        return runs.claim(run.pk)


def left_behind(work, place, lease):
    folder = work / f"{place.organisation.pk}.{lease}"
    folder.mkdir(parents=True)
    (folder / "spool").write_bytes(b"geometry of a face")
    return folder


def test_a_workplace_is_its_owners_alone_and_goes_with_the_work(work):
    organisation, lease = uuid4(), uuid4()
    with workplaces.workplace(organisation, lease) as folder:
        assert folder == work / f"{organisation}.{lease}"
        assert [path.stat().st_mode & 0o777 for path in (work, folder)] == [0o700, 0o700]
        (folder / "spool").write_bytes(b"geometry of a face")
    assert list(work.iterdir()) == []


def test_a_workplace_goes_when_the_work_fails(work):
    with pytest.raises(ZeroDivisionError), workplaces.workplace(uuid4(), uuid4()):
        raise ZeroDivisionError
    assert list(work.iterdir()) == []


def test_only_what_no_run_holds_is_removed(acme, other, work):
    kept = [left_behind(work, place, claimed(place).lease) for place in (acme, other)]
    gone = left_behind(work, acme, uuid4())
    strange = [work / name for name in ("notes", f"{acme.organisation.pk}.notes")]
    for folder in strange:
        folder.mkdir()

    assert workplaces.sweep() == 1
    assert not gone.exists()
    assert sorted(work.iterdir()) == sorted([*kept, *strange])


def test_what_an_earlier_version_left_is_removed(acme, work):
    left = work / str(claimed(acme).lease)
    left.mkdir(parents=True)

    assert workplaces.sweep() == 1
    assert not left.exists()


def test_another_organisations_lease_holds_nothing(acme, other, work):
    held = claimed(acme)
    kept, gone = left_behind(work, acme, held.lease), left_behind(work, other, held.lease)

    assert workplaces.sweep() == 1
    assert kept.exists()
    assert not gone.exists()


def test_a_lease_that_ran_out_is_held_until_another_worker_takes_the_run(acme, work):
    first = claimed(acme)
    folder = left_behind(work, acme, first.lease)
    with tenant(acme.organisation.pk):
        Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert workplaces.sweep() == 0

    with tenant(acme.organisation.pk):
        runs.claim(first.run_id)
    assert workplaces.sweep() == 1
    assert not folder.exists()


@pytest.mark.parametrize("state", [RunState.DONE, RunState.CANCELLED])
def test_what_belongs_to_a_finished_run_is_removed(acme, work, state):
    held = claimed(acme)
    folder = left_behind(work, acme, held.lease)
    with tenant(acme.organisation.pk):
        Run.objects.update(state=state)
    assert workplaces.sweep() == 1
    assert not folder.exists()


def test_a_passing_folder_is_held_while_its_worker_lives(db, work):
    with workplaces.passing("report") as folder:
        (folder / "report.pdf").write_bytes(b"pages about a person")
        assert [path.stat().st_mode & 0o777 for path in (work, folder)] == [0o700, 0o700]
        assert workplaces.sweep() == 0
        assert folder.exists()
    assert list(work.iterdir()) == []


def test_what_a_killed_worker_left_in_a_passing_folder_is_swept(db, work):
    killed = (
        "import fcntl, sys; from pathlib import Path;"
        "folder = Path(sys.argv[1]) / 'work' / 'report.passing.1'; folder.mkdir(parents=True);"
        "lock = (folder / 'lock').open('wb'); fcntl.flock(lock, fcntl.LOCK_EX);"
        "(folder / 'report.pdf').write_bytes(b'%PDF'); print('held', flush=True); sys.stdin.read()"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", killed, str(work.parent)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert worker.stdout.readline() == b"held\n"
        assert workplaces.sweep() == 0
    finally:
        worker.kill()
        worker.communicate()
    assert workplaces.sweep() == 1
    assert list(work.iterdir()) == []


def test_a_passing_folder_that_the_sweep_took_before_it_was_held_is_made_anew(db, work, monkeypatch):
    make, made = workplaces._make, []

    def swept_at_once(folder, **named):
        make(folder, **named)
        made.append(folder)
        if len(made) == 1:
            assert workplaces.sweep() == 1

    monkeypatch.setattr(workplaces, "_make", swept_at_once)
    with workplaces.passing("report") as folder:
        assert folder.is_dir()
        assert made == [made[0], folder]
        assert made[0] != folder


def test_where_nothing_was_ever_analysed_there_is_nothing_to_sweep(db):
    assert workplaces.sweep() == 0


class Elsewhere:
    """Storage that is no folder of this machine and gives what it has."""

    def __init__(self, monkeypatch):
        self.reads = 0
        monkeypatch.setattr(workplaces, "default_storage", RemoteStorage())
        monkeypatch.setattr(workplaces.objects, "local_file", self.fetch)

    def fetch(self, _key, folder, tick):
        self.reads += 1
        tick()
        path = folder / "media"
        path.write_bytes(b"moving pictures")
        return path


def nothing():
    """A tick that lets the work go on."""


def used(place, run, tick=nothing):
    return workplaces.media("key", 15, place.organisation.pk, run.pk, tick)


def read(place, run, tick=nothing):
    with used(place, run, tick) as path:
        assert path.read_bytes() == b"moving pictures"
    return path


class SmallDisk:
    """Has room for so many recordings beside what is left free."""

    def __init__(self, monkeypatch, recordings):
        self.recordings = recordings
        monkeypatch.setattr(workplaces.shutil, "disk_usage", self.usage)

    def usage(self, root):
        taken = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
        free = workplaces.SPARE_BYTES + 15 * self.recordings - taken
        return shutil._ntuple_diskusage(2 * workplaces.SPARE_BYTES, taken, free)


def aged(path, seconds):
    at = time.time() - seconds
    os.utime(path, (at, at))


def test_what_was_longest_not_used_makes_way(acme, work, monkeypatch):
    storage = Elsewhere(monkeypatch)
    SmallDisk(monkeypatch, 2)
    first, second, third = (acme.run() for _ in range(3))
    older, newer = read(acme, first), read(acme, second)
    aged(older, 100)
    aged(newer, 200)
    assert read(acme, second) == newer  # and so it was used last
    read(acme, third)
    assert (older.exists(), newer.exists(), storage.reads) == (False, True, 3)
    assert read(acme, first) == older
    assert storage.reads == 4


def test_what_a_worker_reads_does_not_make_way(acme, work, monkeypatch):
    Elsewhere(monkeypatch)
    SmallDisk(monkeypatch, 1)
    first, second = acme.run(), acme.run()
    with used(acme, first) as path:
        with pytest.raises(OSError, match="space") as full:
            read(acme, second)
        assert workplaces.is_full(full.value)
        assert path.read_bytes() == b"moving pictures"
        with used(acme, first) as shared:
            assert shared == path
    read(acme, second)
    assert not path.exists()


def test_nothing_makes_way_while_there_is_room(acme, work, monkeypatch):
    Elsewhere(monkeypatch)
    SmallDisk(monkeypatch, 3)
    assert all(path.exists() for path in [read(acme, acme.run()) for _ in range(3)])


def test_a_recording_is_fetched_once_for_a_run(acme, work, monkeypatch):
    storage, run = Elsewhere(monkeypatch), acme.run()
    for _ in range(3):
        path = read(acme, run)
    assert storage.reads == 1
    assert path.is_relative_to(work / f"{acme.organisation.pk}.{run.pk}")
    assert workplaces.sweep() == 0
    workplaces.forget_media(acme.organisation.pk, run.pk)
    assert list(work.iterdir()) == []


def test_workers_of_a_machine_fetch_it_one_at_a_time(acme, work, monkeypatch):
    storage, run = Elsewhere(monkeypatch), acme.run()
    waited, fetching, go_on = [], Event(), Event()
    fetch = storage.fetch

    def slow(*args):
        fetching.set()
        assert go_on.wait(20)
        return fetch(*args)

    monkeypatch.setattr(workplaces.objects, "local_file", slow)
    first = Thread(target=read, args=(acme, run))
    first.start()
    assert fetching.wait(20)

    def wait():
        waited.append(1)
        go_on.set()

    read(acme, run, wait)
    first.join(20)
    assert (storage.reads, bool(waited)) == (1, True)


def test_what_was_fetched_half_is_fetched_anew(acme, monkeypatch):
    storage, run = Elsewhere(monkeypatch), acme.run()
    fetch = storage.fetch

    def broken(key, folder, tick):
        (folder / "media").write_bytes(b"mov")
        raise OSError("away")

    monkeypatch.setattr(workplaces.objects, "local_file", broken)
    with pytest.raises(OSError, match="away"):
        read(acme, run)
    assert not list(workplaces.root().rglob("media"))  # it would help to fill the disk
    monkeypatch.setattr(workplaces.objects, "local_file", fetch)
    read(acme, run)


@pytest.mark.parametrize("state", [RunState.DONE, RunState.CANCELLED, RunState.REPORTING])
def test_a_recording_kept_for_a_run_that_is_over_is_swept(acme, other, work, monkeypatch, state):
    Elsewhere(monkeypatch)
    run, kept = acme.run(), other.run()
    for place, one in ((acme, run), (other, kept)):
        read(place, one)
    save(run, state=state)
    assert workplaces.sweep() == 1
    assert [path.name for path in work.iterdir()] == [f"{other.organisation.pk}.{kept.pk}"]


def test_a_segments_workplace_is_held_by_its_lease(acme, work):
    run = acme.run()
    with tenant(acme.organisation.pk):
        assert segments.cut(runs.claim(run.pk), plan_of(2).to_json(), [256] * 2)
        held = segments.claim(run.pk)
    folder = left_behind(work, acme, held.lease)
    assert workplaces.sweep() == 0
    with tenant(acme.organisation.pk):
        segments.release(held)
    assert workplaces.sweep() == 1
    assert not folder.exists()
