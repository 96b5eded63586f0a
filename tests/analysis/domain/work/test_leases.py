from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from analysis.domain.work import leases
from analysis.models import Run
from echodepth.tenancy import tenant


@pytest.fixture
def quick(monkeypatch):
    """A database connection that need not be opened again, and no pauses."""
    monkeypatch.setattr(leases, "PAUSE", 0.0)
    monkeypatch.setattr(leases.connection, "close", lambda: None)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_comes_back_in_time_gets_what_was_to_be_written(error):
    answers = [error("gone"), error("starting"), "written"]

    def write():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert leases.patiently(write) == "written"


@pytest.mark.usefixtures("quick")
def test_one_that_stays_away_for_a_lease_is_given_up(monkeypatch):
    monkeypatch.setattr(leases, "LEASE", timedelta(0))

    def write():
        raise OperationalError("gone")

    with pytest.raises(OperationalError):
        leases.patiently(write)


def test_other_errors_are_not_repeated():
    calls = []

    def write():
        calls.append(1)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the one raised here
        leases.patiently(write)
    assert calls == [1]


@pytest.mark.parametrize(
    ("until", "over"),
    [(timedelta(seconds=-1), True), (leases.LEASE, False), (3 * leases.LEASE, True)],
    ids=["past", "ahead", "from before the clock jumped back"],
)
def test_when_a_lease_is_over(acme, until, over):
    acme.run(lease_until=timezone.now() + until)
    with tenant(acme.organisation.pk):
        assert Run.objects.filter(leases.over()).exists() is over


@pytest.mark.parametrize(
    ("ago", "unwoken"),
    [(None, True), (timedelta(0), False), (4 * leases.LEASE, True), (-2 * leases.LEASE, True)],
    ids=["never", "now", "long ago", "from before the clock jumped back"],
)
def test_when_a_wake_up_is_lost(acme, ago, unwoken):
    acme.run(woken_at=None if ago is None else timezone.now() - ago)
    with tenant(acme.organisation.pk):
        assert Run.objects.filter(leases.unwoken()).exists() is unwoken
        assert Run.objects.filter(~leases.unwoken()).exists() is not unwoken


def test_times_are_the_databases(acme):
    run = acme.run()
    with tenant(acme.organisation.pk):
        Run.objects.update(lease_until=leases.until())
        run.refresh_from_db()
    assert abs(run.lease_until - timezone.now() - leases.LEASE) < timedelta(seconds=5)
