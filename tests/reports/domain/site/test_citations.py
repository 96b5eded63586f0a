import pytest

from reports.domain.site.citations import Citations
from reports.domain.site.sources import WORKS


def test_works_are_numbered_as_they_are_first_named_and_know_every_place():
    citations = Citations()
    marks = [citations.mark(key) for key in ("barrett2019", "depaulo2003", "barrett2019")]

    assert [mark.number for mark in marks] == [1, 2, 1]
    assert marks[2] == (1, "cite-barrett2019-2", "ref-barrett2019")
    first, second = citations.listed
    assert (first.work, first.target) == (WORKS["barrett2019"], "ref-barrett2019")
    assert first.back == [("a", "cite-barrett2019-1"), ("b", "cite-barrett2019-2")]
    assert second.back == [("a", "cite-depaulo2003-1")]


def test_what_is_not_in_the_bibliography_cannot_be_named():
    citations = Citations()

    with pytest.raises(KeyError):
        citations.mark("hearsay1999")
    assert citations.listed == []


def test_places_past_the_alphabet_take_two_letters():
    citations = Citations()
    for _ in range(54):
        citations.mark("barrett2019")

    called = [letter for letter, _place in citations.listed[0].back]
    assert called[:2] == ["a", "b"]
    assert called[25:28] == ["z", "aa", "ab"]
    assert called[51:] == ["az", "ba", "bb"]
