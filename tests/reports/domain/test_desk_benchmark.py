import pytest

from accounts import doors
from accounts.models import User
from reports.domain import desk_benchmark
from reports.domain.desk_benchmark import benchmark_desk
from reports.domain.list_benchmark import ListAnswerError
from tests.support.samples import desk


@pytest.fixture(autouse=True)
def _styles(monkeypatch):
    monkeypatch.setattr(desk_benchmark, "collect_when_changed", lambda: None)


@pytest.mark.django_db
def test_the_queue_is_requested_with_one_and_with_many_and_the_desk_is_left_as_it_was():
    ours = desk()

    found = benchmark_desk(requests=60, times=3)

    assert found.name == "sales desk's queue, of 60 requests"
    assert found.queries_small == found.queries_large > 5
    assert len(found.milliseconds) == 3
    assert [row[0] for row in doors.DESK.open()] == [ours.pk]
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_refusal_is_not_measured(monkeypatch):
    monkeypatch.setattr(desk_benchmark.TOTP, "activate", lambda *_who: None)

    with pytest.raises(ListAnswerError, match="/desk/: 403"):
        benchmark_desk(requests=2, times=1)
