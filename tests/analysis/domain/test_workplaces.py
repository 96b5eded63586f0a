from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from analysis.domain import runs, workplaces
from analysis.enums import RunState
from analysis.models import Run
from echodepth.tenancy import every_tenant, tenant


@pytest.fixture(autouse=True)
def work(settings, tmp_path):
    settings.DATA_FOLDER = tmp_path / "var"
    return tmp_path / "var" / "work"


def claimed(place):
    run = place.run()
    with tenant(place.organisation.pk):
        return runs.claim(run.pk)


def left_behind(work, lease):
    folder = work / str(lease)
    folder.mkdir(parents=True)
    (folder / "spool").write_bytes(b"geometry of a face")
    return folder


def test_a_workplace_is_its_owners_alone_and_goes_with_the_work(work):
    lease = uuid4()
    with workplaces.workplace(lease) as folder:
        assert folder == work / str(lease)
        assert [path.stat().st_mode & 0o777 for path in (work, folder)] == [0o700, 0o700]
        (folder / "spool").write_bytes(b"geometry of a face")
    assert list(work.iterdir()) == []


def test_a_workplace_goes_when_the_work_fails(work):
    with pytest.raises(ZeroDivisionError), workplaces.workplace(uuid4()):
        raise ZeroDivisionError
    assert list(work.iterdir()) == []


def test_only_what_no_run_holds_is_removed(acme, other, work):
    working, elsewhere = claimed(acme), claimed(other)
    kept = [left_behind(work, held.lease) for held in (working, elsewhere)]
    gone = left_behind(work, uuid4())
    strange = work / "notes"
    strange.mkdir()

    assert workplaces.sweep() == 1
    assert not gone.exists()
    assert sorted(work.iterdir()) == sorted([*kept, strange])


def test_a_lease_that_ran_out_is_held_until_another_worker_takes_the_run(acme, work):
    first = claimed(acme)
    folder = left_behind(work, first.lease)
    with every_tenant():
        Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert workplaces.sweep() == 0

    with tenant(acme.organisation.pk):
        runs.claim(first.run_id)
    assert workplaces.sweep() == 1
    assert not folder.exists()


@pytest.mark.parametrize("state", [RunState.DONE, RunState.CANCELLED])
def test_what_belongs_to_a_finished_run_is_removed(acme, work, state):
    held = claimed(acme)
    folder = left_behind(work, held.lease)
    with every_tenant():
        Run.objects.update(state=state)
    assert workplaces.sweep() == 1
    assert not folder.exists()


def test_where_nothing_was_ever_analysed_there_is_nothing_to_sweep(db):
    assert workplaces.sweep() == 0
