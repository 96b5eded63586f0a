import dataclasses

import pytest

from analysis.engine.findings import cohorts, reliability
from reports.domain import model_page
from reports.domain.model_page import ModelPage
from reports.domain.questions import CohortCounts, IntervalsTested, Questions
from tests.support.cards import example_card
from tests.support.results import example_result

KIND = {
    "inside": 0.948,
    "lowest": {"key": "12", "inside": 0.891},
    "width": 0.31,
    "constant_width": 0.62,
}
TESTED = {
    "recordings": 300,
    "people": 290,
    "kinds": {"au": KIND, "emotion": KIND | {"inside": 0.955}, "signal": KIND | {"inside": 0.961}},
}


@pytest.fixture
def tested(monkeypatch):
    """A test of the intervals made by hand in the place of the shipped one, whose figures change."""
    monkeypatch.setattr(reliability, "tested", lambda: TESTED)
    monkeypatch.setattr(reliability, "version", lambda: "abc")


def with_fit(version):
    result = example_result(60)
    return dataclasses.replace(result, configuration=result.configuration | {"interval_fit": version})


def test_the_test_of_the_intervals_is_told_kind_by_kind():
    tested = IntervalsTested.of(TESTED)

    assert (tested.recordings, tested.people) == (300, 290)
    assert [(kind.kind, kind.inside) for kind in tested.kinds] == [
        ("au", 0.948),
        ("emotion", 0.955),
        ("signal", 0.961),
    ]
    assert (tested.kinds[0].lowest_key, tested.kinds[0].lowest) == ("12", 0.891)


def test_cohorts_are_counted_by_what_is_known_of_them():
    shipped = cohorts.shipped()
    key, one = next(iter(shipped.cohorts.items()))
    known = dataclasses.replace(one.parameters[0], status=cohorts.Evidence.MEASURED.value)
    changed = dataclasses.replace(one, parameters=(known, *one.parameters[1:]))
    counts = CohortCounts.of(dataclasses.replace(shipped, cohorts={**shipped.cohorts, key: changed}))

    assert (counts.cohorts, counts.countries) == (14, 6)
    assert counts.measured == CohortCounts.of(shipped).measured + 1
    assert counts.measured + counts.literature + counts.without == 14


@pytest.mark.usefixtures("tested")
def test_a_result_tells_of_the_fit_that_it_was_made_with_and_of_no_other():
    assert Questions.of(with_fit("abc")).intervals == IntervalsTested.of(TESTED)
    assert Questions.of(with_fit("abd")).intervals is None
    assert Questions.of(example_result(60)).intervals is None


def test_a_result_without_evidence_answers_nothing():
    assert Questions.of(dataclasses.replace(example_result(60), evidence=None)) is None


@pytest.mark.usefixtures("tested")
def test_the_installation_tells_the_hardest_and_the_easiest_circumstance():
    questions = Questions.shipped(ModelPage.of(example_card()))

    assert [(kind, line.name) for kind, line in questions.circumstances] == [
        ("light", "front"),
        ("occlusion", "uncovered"),
    ]
    assert questions.intervals == IntervalsTested.of(TESTED)


def test_a_result_of_the_shipped_model_tells_of_its_circumstances_and_of_no_others(monkeypatch):
    page = ModelPage.of(example_card())
    monkeypatch.setattr(model_page, "shipped", lambda: page)
    other = dataclasses.replace(page, measured=dataclasses.replace(page.measured, card_sha256="00"))

    assert [line.name for _kind, line in Questions.of(example_result(60)).circumstances] == [
        "front",
        "uncovered",
    ]
    monkeypatch.setattr(model_page, "shipped", lambda: other)
    assert Questions.of(example_result(60)).circumstances == ()


def test_while_nothing_was_fitted_no_figure_is_told(monkeypatch):
    monkeypatch.setattr(reliability, "tested", lambda: None)

    assert Questions.shipped(ModelPage.of(example_card())).intervals is None
