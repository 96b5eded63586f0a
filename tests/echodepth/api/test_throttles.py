import pytest

from echodepth.api import throttles
from echodepth.env import caches
from tests.support.api import Api, problem, token_for


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    monkeypatch.setattr(throttles, "time", lambda: 43_215.0)


def test_a_token_is_slowed_down_and_told_for_how_long(owner, analyst, settings):
    settings.API_REQUESTS_A_MINUTE = 2
    quick, other = Api(token_for(owner)), Api(token_for(analyst))

    answers = [quick.get("projects") for _ in range(3)]

    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert problem(answers[2]) == (429, "too_many_requests")
    assert answers[2]["Retry-After"] == "45"
    assert other.get("projects").json() == {"results": [], "next": None}


def test_the_next_minute_is_a_new_one(owner, settings, monkeypatch):
    settings.API_REQUESTS_A_MINUTE = 1
    api = Api(token_for(owner))
    seen = []
    for now in (60.0, 61.0, 120.0):
        monkeypatch.setattr(throttles, "time", lambda now=now: now)
        seen.append(api.get("organisation").status_code)
    assert seen == [200, 429, 200]


def test_what_is_refused_counts_too(owner, settings):
    settings.API_REQUESTS_A_MINUTE = 1
    api = Api(token_for(owner))
    assert problem(api.post("projects", told={})) == (400, "invalid")
    assert problem(api.get("projects")) == (429, "too_many_requests")


def test_requests_are_counted_where_every_process_sees_it(owner, settings):
    token = token_for(owner)
    settings.API_REQUESTS_A_MINUTE = 2
    seen = []
    for _ in range(3):
        settings.CACHES = caches()  # anew, as another process has it
        seen.append(Api(token).get("organisation").status_code)

    assert seen == [200, 200, 429]
