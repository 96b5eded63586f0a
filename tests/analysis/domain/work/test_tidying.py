"""Whatever the end of a run, nothing of it stays in storage but its result."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from analysis.domain import objects
from analysis.domain.work import leases, runs, segments, sweeps, tidying
from analysis.domain.work.execute import execute
from analysis.enums import RunState
from analysis.models import Run, Segment
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files
from tests.support.engines import facts_of, fake_engine, plan_of
from tests.support.tenants import fresh
from tests.support.work import answer, answer_all


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def under_way(place):
    """A run of three segments, one of which is done."""
    run = runs.request(place.recording(), None, {})
    for _ in range(2):
        execute(run.pk, fake_engine(3))
    assert spools(run)
    return run


def left_in(run):
    folder = objects.run_folder(run.organisation_id, run.pk)
    return list(_keys(folder))


def _keys(folder):
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _keys(f"{folder}/{name}")


def spools(run):
    return [key for key in left_in(run) if "/spools/" in key]


def test_what_was_found_goes_where_a_run_is_cancelled_before_its_report_is_written(scoped):
    run = under_way(scoped)
    answer_all(fake_engine(3))
    Run.objects.filter(pk=run.pk).update(tidy_at=None)  # As when all was cleared once.

    assert runs.cancel(run.pk)
    sweeps.tidy()

    row = fresh(run)
    assert (row.result_key, row.frames_key, row.summary) == ("", "", {})
    assert left_in(run) == []


def test_spools_go_when_the_result_is_there(scoped):
    run = under_way(scoped)
    answer_all(fake_engine(3))
    row = fresh(run)
    assert row.state == RunState.REPORTING
    assert sorted(left_in(run)) == sorted([row.result_key, row.frames_key])
    assert not Segment.objects.exists()


@pytest.mark.parametrize("end", ["cancel", "fail", "attempts"])
def test_spools_go_with_every_other_end(scoped, end):
    run = under_way(scoped)
    if end == "cancel":
        runs.cancel(run.pk)
    elif end == "fail":
        segments.fail(segments.claim(run.pk), "unsupported_codec", {})
    else:
        Segment.objects.update(attempts=leases.ATTEMPTS)
        assert segments.claim(run.pk) is None
    assert fresh(run).is_final
    sweeps.tidy()
    assert left_in(run) == []
    assert not Segment.objects.exists()


def test_what_a_killed_worker_stored_goes_after_it_can_write_no_more(scoped):
    run = under_way(scoped)
    runs.cancel(run.pk)
    sweeps.tidy()
    late = f"{objects.run_folder(run.organisation_id, run.pk)}/spools/1.late"
    default_storage.save(late, ContentFile(b"geometry of a face"))
    sweeps.tidy()
    assert left_in(run) == [late]  # not yet looked at again
    Run.objects.update(
        heartbeat_at=timezone.now() - 3 * leases.LEASE, tidy_at=timezone.now() - timedelta(seconds=1)
    )
    sweeps.tidy()
    assert left_in(run) == []
    assert fresh(run).tidy_at is None


@pytest.mark.parametrize("count", [1, 2])
def test_who_was_silent_but_renewed_its_lease_may_still_write(scoped, count):
    """As a long scoring does: a lease before its last beat is no reason to look no more."""
    run = runs.request(scoped.recording(), None, {})
    if count > 1:
        execute(run.pk, fake_engine(count))
    held = segments.claim(run.pk) if count > 1 else runs.claim(run.pk)
    Run.objects.update(heartbeat_at=timezone.now() - 3 * leases.LEASE)
    assert (segments if count > 1 else runs).renew(held)
    runs.cancel(run.pk)
    assert tidying.tidy(run.pk)
    assert fresh(run).tidy_at > timezone.now()
    assert not (segments if count > 1 else runs).renew(held)


def test_a_result_of_an_attempt_that_broke_off_goes_and_the_right_one_stays(scoped):
    run = scoped.run()
    stray = f"{objects.run_folder(run.organisation_id, run.pk)}/another lease/result.json"
    default_storage.save(stray, ContentFile(b"{}"))
    execute(run.pk, fake_engine())
    row = fresh(run)
    assert sorted(left_in(run)) == sorted([row.result_key, row.frames_key])
    runs.finish(run.pk)
    Run.objects.update(tidy_at=timezone.now() - timedelta(seconds=1))
    sweeps.tidy()
    assert sorted(left_in(run)) == sorted([row.result_key, row.frames_key])


def test_a_run_under_way_is_left_alone(scoped):
    run = under_way(scoped)
    before = left_in(run)
    assert not tidying.tidy(run.pk)
    sweeps.tidy()
    assert left_in(run) == before


def test_storage_that_refuses_is_asked_again_later(scoped, monkeypatch, caplog):
    def broken(*_args, **_named):
        raise OSError("away")

    run = under_way(scoped)
    runs.cancel(run.pk)
    with monkeypatch.context() as patch:
        patch.setattr(objects, "erase_folder", broken)
        assert not tidying.tidy(run.pk)
    assert str(run.pk) in caplog.text
    assert Segment.objects.exists()
    sweeps.tidy()
    assert spools(run)
    Run.objects.update(tidy_at=timezone.now() - timedelta(seconds=1))
    sweeps.tidy()
    assert left_in(run) == []


def test_a_round_ends_with_the_first_refusal(scoped, monkeypatch):
    """Each may take minutes to come."""
    over = [under_way(scoped) for _ in range(3)]
    asked = []

    def hang(folder, **_named):
        asked.append(folder)
        raise OSError("timed out")

    for run in over:
        runs.cancel(run.pk)
    with monkeypatch.context() as patch:
        patch.setattr(objects, "erase_folder", hang)
        assert sweeps.sweep() == 0
        assert asked == []
        sweeps.tidy()
        assert len(asked) == 1
        sweeps.tidy()
        assert len(set(asked)) == 2  # the next is another one's turn
    sweeps.tidy()
    assert sorted(bool(left_in(run)) for run in over) == [False, True, True]


def test_a_run_that_cannot_be_tidied_holds_up_no_other(scoped, monkeypatch, caplog):
    broken, sound = under_way(scoped), under_way(scoped)
    tidy = tidying.tidy
    for run in (broken, sound):
        runs.cancel(run.pk)

    def stumble(run_id):
        if run_id == broken.pk:
            raise ValueError("a surprise")
        return tidy(run_id)

    monkeypatch.setattr(tidying, "tidy", stumble)
    sweeps.tidy()
    assert (bool(left_in(broken)), left_in(sound)) == (True, [])
    assert str(broken.pk) in caplog.text


def test_a_late_worker_takes_its_spool_away_again(scoped, storage):
    """It lost its segment while it stored what it had found."""
    run = runs.request(scoped.recording(), None, {})
    answer(fake_engine(2))

    def lose(*_args):
        Segment.objects.filter(number=0).update(lease_until=timezone.now() - timedelta(seconds=1))
        holder = segments.claim(run.pk)
        assert segments.finish(holder, "the other's", facts_of(plan_of(2).segments[0]).to_json())

    answer(fake_engine(2, segment=lose))
    assert Segment.objects.get(number=0).spool_key == "the other's"
    assert [name for name in stored_files(storage) if "spools" in name] == []


def test_another_organisations_objects_are_not_touched(scoped, other):
    with tenant(other.organisation.pk):
        theirs = under_way(other)
        kept = left_in(theirs)
    ours = under_way(scoped)
    runs.cancel(ours.pk)
    sweeps.tidy()
    assert left_in(ours) == []
    with tenant(other.organisation.pk):
        assert left_in(theirs) == kept
