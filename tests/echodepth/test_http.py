import pytest

from echodepth.http import wants_json


@pytest.mark.parametrize(
    ("accept", "json"),
    [
        ("application/json", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("*/*", False),
        ("application/json, text/html;q=0.5", True),
        ("image/png", False),
    ],
)
def test_json_is_for_those_who_prefer_it(rf, accept, json):
    assert wants_json(rf.get("/", headers={"Accept": accept})) is json
