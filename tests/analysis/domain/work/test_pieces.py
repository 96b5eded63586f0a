"""Each kind of work on a run, and what may come in its way."""

import errno
import json
import os
import shutil
import time
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.enums import UseState
from analysis.confined import DecoderFailedError
from analysis.domain import objects
from analysis.domain.work import leases, pieces, runs, segments, spools, workplaces
from analysis.domain.work.engine import REAL
from analysis.domain.work.execute import execute
from analysis.domain.work.interrupt import stop_asked
from analysis.engine.errors import UnsupportedCodecError
from analysis.engine.segments import SegmentsDifferError
from analysis.enums import RunState, SegmentState
from analysis.models import Segment
from echodepth.tenancy import tenant
from tests.analysis.conftest import Tenant, stored_files
from tests.support import clips
from tests.support.engines import fake_engine
from tests.support.models import FOLDER, real_models
from tests.support.storage import RemoteStorage
from tests.support.tenants import fresh, save
from tests.support.work import answer, answer_all

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


@pytest.fixture
def remote(acme, monkeypatch):
    """Storage that is no folder of this machine; how often a recording was read from it."""
    storage = RemoteStorage()
    reads = []
    opened = storage.open

    def noted(name, mode="rb"):
        reads.append(name)
        return opened(name, mode)

    storage.open = noted
    for module in (objects, workplaces):
        monkeypatch.setattr(module, "default_storage", storage)
    with tenant(acme.organisation.pk):
        yield storage, reads


def requested(place, **fields):
    return runs.request(place.recording(**fields), None, {})


def raising(error, number=None):
    """Pass 1 breaks off so, in one segment or in all."""

    def broken(path, folder, plan, at, limits, progress):
        if number in {None, at}:
            raise error

    return broken


def test_a_run_in_segments_is_seen_through(scoped):
    run = requested(scoped)
    seen = []
    engine = fake_engine(3, segment=lambda *given: seen.append(given[3]))
    assert len(answer_all(engine)) == 1 + 3 + 1
    row = fresh(run)
    assert (row.state, row.lease, row.error_code) == (RunState.REPORTING, None, "")
    assert seen == [0, 1, 2]
    with default_storage.open(row.result_key) as handle:
        assert json.load(handle)["frames"] == 60


def test_the_real_engine_finds_the_same_in_segments_as_in_one_piece(scoped, settings, tmp_path):
    real_models()
    settings.MODELS_FOLDER = FOLDER
    pictures = [
        *clips.pictures(20, 112, 112, 0.5), *clips.blank(230, 112, 112), *clips.pictures(40, 112, 112, 0.5)
    ]  # fmt: skip
    media = clips.write(tmp_path / "a.mp4", pictures, coding={"g": "40"}).read_bytes()
    found = []
    for frames, turns in ((512, 1), (256, 1 + 2 + 1)):
        settings.SEGMENT_FRAMES = frames
        run = requested(scoped, media=media)
        assert len(answer_all(REAL)) == turns
        row = fresh(run)
        assert (row.state, row.error_code) == (RunState.REPORTING, "")
        with default_storage.open(row.result_key) as handle:
            result = json.load(handle)
        result["media"].pop("sha256")  # as its recording's row says, which is made up
        with default_storage.open(row.frames_key) as handle:
            found.append((result, handle.read()))
    whole, cut = found
    assert whole[0]["tracks"]
    assert cut == whole


def test_media_are_fetched_once_a_run_and_not_kept(remote, acme):
    storage, reads = remote
    recording = acme.recording(media=b"moving pictures")
    with default_storage.open(recording.storage_key) as handle:
        storage.save(recording.storage_key, handle)
    run = runs.request(recording, None, {})
    seen = []
    engine = fake_engine(3, segment=lambda path, *_rest: seen.append((path.parent.name, path.read_bytes())))
    answer_all(engine)
    assert fresh(run).state == RunState.REPORTING
    assert seen == [(f"{acme.organisation.pk}.{run.pk}", b"moving pictures")] * 3
    assert reads.count(recording.storage_key) == 1
    assert list(workplaces.root().iterdir()) == []


@pytest.mark.parametrize("turns", [0, 2])
def test_what_lacks_something_by_the_time_a_worker_takes_it_is_stopped(scoped, turns, storage):
    """Before its recording is read, and before it is scored."""
    run = requested(scoped)
    for _ in range(turns):
        answer(fake_engine(2))
        run.refresh_from_db()
    assert run.state == (RunState.ANALYSING if turns else RunState.REQUESTED)
    # Nobody is told of it, as of rules that changed with a new version of the product.
    save(run.declaration, state=UseState.REFUSED)

    answer_all(fake_engine(2))

    run.refresh_from_db()
    assert (run.state, run.lease, run.result_key) == (RunState.CANCELLED, None, "")
    assert fresh(run.recording).analysis_wanted
    assert [name for name in stored_files(storage) if "/runs/" in name] == []


def test_spools_that_differ_from_the_plan_lead_to_one_piece(scoped):
    run = requested(scoped)
    engine = fake_engine(3)

    def refuse(plan, parts, *rest):
        if len(plan.segments) > 1:
            raise SegmentsDifferError("they do not fit")
        return engine.finish(plan, parts, *rest)

    answer_all(fake_engine(3, finish=refuse))
    row = fresh(run)
    assert (row.state, len(row.plan["segments"])) == (RunState.REPORTING, 1)


def test_a_damaged_segment_leads_to_one_piece_at_once(scoped):
    run = requested(scoped)
    engine = fake_engine(3)

    def damaged(*given):
        facts = engine.run_segment(*given)
        return replace(facts, damaged=facts.number == 0 and len(given[2].segments) > 1)

    for _ in range(2):
        answer(replace(engine, run_segment=damaged))
    row = fresh(run)
    assert (row.state, len(row.plan["segments"])) == (RunState.REQUESTED, 1)
    answer_all(engine)
    assert fresh(run).state == RunState.REPORTING


def test_a_spool_that_storage_damaged_leads_to_one_piece(scoped):
    run = requested(scoped)
    for _ in range(1 + 3):
        answer(fake_engine(3))
    key = Segment.objects.get(run=run, number=1).spool_key
    path = default_storage.path(key)
    os.truncate(path, 100)
    answer_all(fake_engine(3))
    row = fresh(run)
    assert (row.state, len(row.plan["segments"])) == (RunState.REPORTING, 1)


def test_one_piece_that_does_not_fit_is_no_endless_loop(scoped):
    def refuse(*_args):
        raise SegmentsDifferError

    run = requested(scoped)
    for _ in range(leases.ATTEMPTS):
        execute(run.pk, fake_engine(finish=refuse))
    assert (fresh(run).state, fresh(run).error_code) == (RunState.FAILED, "internal_error")


def test_an_engine_error_in_a_segment_ends_the_run(scoped, storage):
    run = requested(scoped)
    answer_all(fake_engine(3, segment=raising(UnsupportedCodecError(codec="mpeg9"), number=1)))
    row = fresh(run)
    assert (row.state, row.error_code, row.error_facts) == (
        RunState.FAILED, "unsupported_codec", {"codec": "mpeg9"}
    )  # fmt: skip
    assert [name for name in stored_files(storage) if "/runs/" in name] == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FULL, "worker_disk_full"),
        (DecoderFailedError(reason="crash"), "decoder_failed"),
        (ZeroDivisionError("secret"), "internal_error"),
    ],
    ids=["disk full", "child died", "unexpected"],
)
@pytest.mark.parametrize("count", [1, 3])
def test_what_may_go_better_is_tried_again_and_given_up_with_its_reason(scoped, error, code, count, caplog):
    run = requested(scoped)
    engine = fake_engine(count, segment=raising(error, number=0))
    answer_all(engine)
    row = fresh(run)
    assert not row.is_final
    assert row.error_code == code
    assert str(run.pk) in caplog.text
    for _ in range(leases.ATTEMPTS):
        Segment.objects.update(rest_until=None)
        execute(run.pk, engine)
    row = fresh(run)
    assert (row.state, row.error_code, row.error_facts) == (RunState.FAILED, code, {})


def test_an_attempt_that_goes_better_forgets_the_trouble_before(scoped):
    run = requested(scoped)
    answer_all(fake_engine(3, segment=raising(FULL, number=1)))
    assert fresh(run).error_code == "worker_disk_full"
    Segment.objects.update(rest_until=None)
    segments.wake_again(run.pk)
    answer_all(fake_engine(3))
    assert (fresh(run).state, fresh(run).error_code) == (RunState.REPORTING, "")


def test_a_disk_that_is_full_while_media_are_fetched_is_no_failing_storage(scoped, monkeypatch):
    def full(*_args):
        raise FULL

    run = requested(scoped)
    monkeypatch.setattr(objects, "local_file", full)
    answer(fake_engine())
    assert (fresh(run).state, fresh(run).error_code) == (RunState.REQUESTED, "worker_disk_full")


@pytest.mark.parametrize("count", [1, 2])
def test_a_disk_that_is_full_while_media_are_fetched_costs_no_attempt_and_rests(scoped, monkeypatch, count):
    """Others' recordings fill it: that says nothing against this one."""

    def full(*_args):
        raise FULL

    run = requested(scoped)
    if count > 1:
        answer(fake_engine(count))
    with monkeypatch.context() as patch:
        patch.setattr(objects, "local_file", full)
        for _ in range(leases.ATTEMPTS + 1):
            Segment.objects.update(rest_until=None)
            execute(run.pk, fake_engine(count))
    row = fresh(run)
    assert (row.is_final, row.error_code, row.attempts) == (False, "worker_disk_full", 0)
    if count > 1:
        assert list(Segment.objects.values_list("state", "attempts")) == [(SegmentState.WAITING, 0)] * count
        assert Segment.objects.filter(rest_until__isnull=False).count() == 1  # the last that was tried
    else:
        assert row.woken_at is not None
    Segment.objects.update(rest_until=None, woken_at=None)
    segments.wake_again(run.pk)
    for _ in range(count + 1):
        execute(run.pk, fake_engine(count))
    assert (fresh(run).state, fresh(run).error_code) == (RunState.REPORTING, "")


def test_a_spool_that_cannot_be_stored_is_tried_again(scoped, monkeypatch):
    def refuse(*_args):
        raise OSError(errno.EIO, "storage is away")

    run = requested(scoped)
    answer(fake_engine(2))
    with monkeypatch.context() as patch:
        patch.setattr(objects, "store", refuse)
        answer(fake_engine(2))
    row = fresh(run)
    assert (row.state, row.error_code) == (RunState.ANALYSING, "storage_unavailable")
    assert list(Segment.objects.values_list("state", "spool_key")) == [(SegmentState.WAITING, "")] * 2


def test_a_result_whose_confirmation_was_lost_is_kept(scoped, monkeypatch):
    """The database took the result, and its answer did not come back: it is asked again."""
    complete = runs.complete

    def interrupted(held, outcome):
        if not complete(held, outcome):
            return False
        raise OperationalError("the connection was lost")

    monkeypatch.setattr(runs, "complete", interrupted)
    monkeypatch.setattr(leases, "PAUSE", 0.0)
    monkeypatch.setattr(leases.connection, "close", lambda: None)
    run = requested(scoped)
    answer(fake_engine())
    row = fresh(run)
    assert row.state == RunState.REPORTING
    assert default_storage.exists(row.result_key)
    assert default_storage.exists(row.frames_key)


def test_a_spool_whose_confirmation_was_lost_is_kept(scoped, monkeypatch):
    finish = segments.finish

    def interrupted(held, key, facts):
        if not finish(held, key, facts):
            return False
        raise OperationalError("the connection was lost")

    monkeypatch.setattr(segments, "finish", interrupted)
    monkeypatch.setattr(leases, "PAUSE", 0.0)
    monkeypatch.setattr(leases.connection, "close", lambda: None)
    run = requested(scoped)
    answer_all(fake_engine(2))
    assert fresh(run).state == RunState.REPORTING


def test_a_database_that_stays_away_costs_no_attempt(scoped):
    run = requested(scoped)

    def away(*_args):
        raise OperationalError("gone")

    answer(fake_engine(segment=away))
    assert (fresh(run).state, fresh(run).attempts) == (RunState.REQUESTED, 0)


def test_the_spools_key_says_whose_it_is(scoped):
    run = requested(scoped)
    answer(fake_engine(2))
    held = segments.claim(run.pk)
    folder = objects.run_folder(scoped.organisation.pk, run.pk)
    assert spools.key(held) == f"{folder}/spools/0.{held.lease}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("storage")
def test_cancelling_stops_a_segment_within_two_seconds(settings, tmp_path):
    """In a real child, in the middle of its work; the page's cancel comes from another process."""
    real_models()
    settings.MODELS_FOLDER, settings.SEGMENT_FRAMES = FOLDER, 256
    rng = np.random.default_rng(1)
    pictures = [rng.integers(0, 255, (240, 320, 3), dtype=np.uint8)] * 520
    acme = Tenant("acme")
    media = clips.write(tmp_path / "a.mp4", pictures, coding={"g": "40"}).read_bytes()
    with tenant(acme.organisation.pk):
        run = requested(acme, media=media)
    answer(REAL)
    worker = Thread(target=_answered)
    worker.start()
    _wait_for(lambda: fresh(run).frames_done > 0)
    with tenant(acme.organisation.pk):
        runs.cancel(run.pk)
    cancelled = time.monotonic()
    worker.join(20)
    assert not worker.is_alive()
    assert time.monotonic() - cancelled < 2
    assert fresh(run).state == RunState.CANCELLED
    assert fresh(run).frames_done < 256
    assert list(workplaces.root().iterdir()) == []


def _answered():
    try:
        answer(REAL)
    finally:
        connection.close()


def _wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_worker_that_stops_in_a_segment_gives_it_back(scoped):
    run = requested(scoped)
    answer(fake_engine(2))

    def told_to_stop(path, folder, plan, number, limits, progress):
        stop_asked.set()
        progress("analysing", 20, 256)

    try:
        answer(fake_engine(2, segment=told_to_stop))
    finally:
        stop_asked.clear()
    assert list(Segment.objects.values_list("state", "attempts")) == [(SegmentState.WAITING, 0)] * 2
    assert fresh(run).state == RunState.ANALYSING


def test_a_poisonous_recording_ends(scoped, caplog):
    """Each worker that touches the second segment dies on the spot, and says nothing."""
    run = requested(scoped)
    answer(fake_engine(2))
    Segment.objects.filter(number=0).update(state=SegmentState.DONE)
    for _ in range(leases.ATTEMPTS):
        held = segments.claim(run.pk)
        Segment.objects.filter(pk=held.segment_id).update(lease_until=timezone.now() - timedelta(seconds=1))
    execute(run.pk, fake_engine(2))
    assert (fresh(run).state, fresh(run).error_code) == (RunState.FAILED, "attempts_spent")


def test_a_full_disk_is_seen_also_where_the_error_does_not_say_so(monkeypatch, settings, tmp_path):
    settings.DATA_FOLDER = tmp_path
    workplaces.root().mkdir()
    assert not workplaces.is_full(OSError("5 requested and 3 written"))
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert workplaces.is_full(OSError("5 requested and 3 written"))
    assert workplaces.is_full(FULL)
    assert isinstance(pieces._storage_error(FULL), pieces.DiskFullError)


def test_what_could_not_be_taken_back_is_said_with_what_finds_it(caplog):
    """A recording that was deleted meanwhile has no run any more whose end would clear it away."""

    def refuse():
        raise OSError(errno.EIO, "storage is away")

    pieces._tried(refuse)
    assert "verify_storage --delete-orphans" in caplog.text
    assert "storage is away" in caplog.text
