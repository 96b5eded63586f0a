"""docs/threat-model.md names tests; they exist."""

import re

from echodepth.env import BASE_DIR

NAMED = re.compile(r"`(?P<file>[\w/]+/test_\w+\.py)::(?P<test>test_\w+)`")
DOORS = (
    "Pages and roles",
    "Signing in",
    "Invitations",
    "Links of people in recordings",
    "Free samples and the sales desk",
    "Single sign-on",
    "The API and its tokens",
    "Files",
    "Uploads",
    "Reading a hostile file",
    "Platform staff",
    "The audit trail",
    "People who may not be analysed",
    "An organisation that leaves",
    "Declared uses",
    "Erasure and certificates",
    "Retention and legal holds",
    "Requests by right",
    "Queue, workers, commands",
)


def page():
    return (BASE_DIR / "docs/threat-model.md").read_text(encoding="utf-8")


def missing(text):
    """Tests that are named and not there."""
    for found in NAMED.finditer(text):
        path = BASE_DIR / "tests" / found["file"]
        if not path.is_file() or f"\ndef {found['test']}(" not in path.read_text(encoding="utf-8"):
            yield found[0]


def test_every_test_that_is_named_exists():
    assert sorted(set(missing(page()))) == []
    assert len(set(NAMED.findall(page()))) > 50


def test_a_test_that_is_not_there_is_found():
    assert list(missing("`contracts/test_threat_model.py::test_nobody_wrote`"))
    assert list(missing("`contracts/test_nowhere.py::test_nobody_wrote`"))
    assert not list(missing("`contracts/test_threat_model.py::test_a_test_that_is_not_there_is_found`"))


def test_every_line_of_a_threat_names_a_test():
    for table in re.findall(r"\| what is tried .*?\n\n", page(), re.DOTALL):
        for line in table.strip().splitlines()[2:]:
            assert NAMED.search(line), line


def test_every_door_has_its_chapter():
    assert re.findall(r"^### (.+)$", page(), re.MULTILINE) == list(DOORS)
