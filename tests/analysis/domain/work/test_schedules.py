from datetime import timedelta
from pydoc import locate

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from analysis.domain.work import schedules, sweeps

pytestmark = pytest.mark.django_db


def test_ensure_is_idempotent_and_mends():
    schedules.ensure()
    row = Schedule.objects.get()
    assert (row.schedule_type, row.minutes, row.repeats) == (Schedule.MINUTES, 1, -1)
    assert locate(row.func) is not None
    later = timezone.now() + timedelta(seconds=40)
    Schedule.objects.update(func="gone.away", repeats=0, next_run=later)
    schedules.ensure()
    row.refresh_from_db()
    assert (row.func, row.repeats, row.next_run) == (schedules.SWEEP_TASK, -1, later)
    assert Schedule.objects.count() == 1


def test_a_start_wakes_requests_whose_wake_up_may_be_lost(acme):
    acme.run(woken_at=timezone.now())
    assert sweeps.sweep() == 0
    sweeps.forget_wakeups()
    assert sweeps.sweep() == 1


def test_sweep_now_queues_the_sweep():
    schedules.sweep_now()
    assert [task.task["func"] for task in OrmQ.objects.all()] == [schedules.SWEEP_TASK]
