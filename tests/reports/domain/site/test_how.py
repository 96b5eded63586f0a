import pytest

from reports.domain.site.how import LIVES, STEPS, How, index_of


def test_people_begin_and_end_the_way():
    assert [step.key for step in STEPS if step.human] == ["declare", "review"]
    assert STEPS[-1].key == "erasure"


def test_nothing_ends_before_it_is_made_and_what_is_kept_ends_with_its_erasure():
    assert all(index_of(life.made) < index_of(life.gone) for life in LIVES)
    assert {life.gone for life in LIVES if life.erased} == {"erasure"}
    assert next(life.made for life in LIVES if life.name == "Neutral face") == "neutral"
    assert [life.name for life in LIVES if not life.erased] == ["Pictures", "Frame landmarks"]


def test_a_step_that_is_not_there_has_no_place():
    with pytest.raises(ValueError, match="guess"):
        index_of("guess")


def test_days_are_those_that_the_platform_keeps(settings):
    settings.RETENTION_DAYS = {"media": 90}
    settings.ASSIGNING_DAYS = 3
    how = How.shipped()

    assert (how.media.days, how.frames.days, how.geometry.days) == (90, 365, 3)
