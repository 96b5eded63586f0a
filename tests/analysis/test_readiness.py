from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.enums import RunState
from analysis.models import WorkerBeat
from analysis.readiness import queue, workers
from tests.factories import RunFactory
from tests.support.tenants import save

pytestmark = pytest.mark.django_db


def seen(ago, workers=2, beat=timedelta(hours=1)):
    now = timezone.now()
    WorkerBeat.objects.update_or_create(
        cluster="one", defaults={"seen_at": now - ago, "beat_at": now - beat, "workers": workers}
    )


def test_without_workers_it_is_not_ready():
    assert workers() == {"ok": False, "machines": 0, "workers": 0, "last_seen_seconds": None}


def test_workers_that_were_just_seen_are_there():
    seen(timedelta(seconds=3))

    assert workers() == {"ok": True, "machines": 1, "workers": 2, "last_seen_seconds": 3}


def test_workers_that_are_gone_or_dead_are_not():
    seen(timedelta(minutes=10))
    assert workers() == {"ok": False, "machines": 0, "workers": 0, "last_seen_seconds": 600}

    seen(timedelta(), workers=0)
    assert not workers()["ok"]


def test_work_that_nobody_takes_is_not_ready_and_says_for_how_long():
    save(RunFactory(state=RunState.REQUESTED), requested_at=timezone.now() - timedelta(minutes=30))
    assert queue() == {"ok": False, "waiting": 0, "oldest_seconds": 1800}

    seen(timedelta(), beat=timedelta())

    assert queue()["ok"]  # it waits behind other work
