import pytest

from accounts.doors import ORGANISATIONS
from accounts.enums import Scope
from accounts.models import User
from reports.domain import list_benchmark
from reports.domain.list_benchmark import BAR_MS, ListAnswerError, ListTimes, Size, benchmark_lists, table

SMALL = Size(tenants=3, recordings=4, asked=3, times=2)


@pytest.mark.django_db
def test_each_list_is_requested_in_each_of_the_organisations_and_nothing_stays(monkeypatch):
    monkeypatch.setattr(list_benchmark, "collect_when_changed", lambda: None)

    found = benchmark_lists(SMALL)

    assert [one.name for one in found] == [
        "page of recordings",
        "page of recordings that are done",
        "API, recordings",
    ]
    for one in found:
        assert one.queries_small == one.queries_large > 3
        assert len(one.milliseconds) == len(one.cpu) == SMALL.asked * SMALL.times
        assert min(one.milliseconds) > 0
    assert ORGANISATIONS.open() == []
    assert not User.objects.exists()
    assert "12 recordings among 3 organisations" in table(SMALL, found)


@pytest.mark.django_db
def test_an_error_page_is_not_measured(monkeypatch):
    monkeypatch.setattr(list_benchmark, "collect_when_changed", lambda: None)
    issue = list_benchmark.tokens.issue
    monkeypatch.setattr(list_benchmark.tokens, "issue", lambda *who: issue(*who[:2], [Scope.DELETE], 1))

    with pytest.raises(ListAnswerError, match="/api/v1/recordings/: 403"):
        benchmark_lists(SMALL)


@pytest.mark.parametrize(
    ("few", "many", "milliseconds", "holds"),
    [
        (9, 9, [10.0] * 20, True),
        (9, 10, [10.0] * 20, False),
        (9, 9, [10.0] * 18 + [BAR_MS] * 2, False),
        (9, 9, [10.0] * 20 + [BAR_MS * 10], True),
    ],
)
def test_a_list_that_grows_or_is_slow_misses_the_bar(few, many, milliseconds, holds):
    assert ListTimes("list", few, many, milliseconds, milliseconds).holds is holds
