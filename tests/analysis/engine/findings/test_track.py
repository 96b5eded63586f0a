from dataclasses import replace

import numpy as np
import pytest

from analysis.engine.action_units import AU_COUNT
from analysis.engine.findings.cohorts import shipped
from analysis.engine.findings.quality import ENOUGH_SECONDS
from analysis.engine.findings.track import describe_track
from analysis.engine.types import Neutral
from tests.support import courses
from tests.support import synthetic_face as made

NEUTRAL = Neutral("estimated", 10, 0.0, 1.0, made.neutral().astype(np.float32))


def told(rows, series):
    return describe_track(3, rows, series, NEUTRAL)


def test_a_smile_and_a_blink_are_told():
    """Ten seconds: a smile from 2 to 5 s, a blink at 7 s."""
    time = courses.times(10)
    smile, blink = courses.bump(time, 2, 3.5, 5, 4.5), np.where((time >= 7) & (time < 7.15), 5.0, 0.0)
    series = courses.series(len(time), {12: smile, 6: smile, 45: blink})

    result = told(courses.rows(time), series)

    (mouth,) = [event for event in result.events if event.au == 12]
    (blink,) = [event for event in result.events if event.au == 45]
    assert (mouth.onset, mouth.apex, mouth.offset) == pytest.approx((2.3, 3.5, 4.7), abs=0.3)
    assert mouth.side == "both"
    assert blink.apex == pytest.approx(7.05, abs=0.1)
    assert (result.smiles.duchenne, result.smiles.without_au6) == (1, 0)
    assert [signal.key for signal in result.signals] == ["trust", "credibility", "resistance"]
    assert result.signals[0].overall.value > 50
    assert len(result.summaries) == AU_COUNT
    assert (result.track, result.start, result.end) == (3, 0.0, pytest.approx(time[-1]))


def test_a_track_that_was_never_scored():
    time = courses.times(10)
    rows = courses.rows(time, excluded=np.ones(len(time)))
    series = courses.hide(courses.series(len(time)), slice(None))

    result = describe_track(1, rows, series, None)

    assert result.neutral is None
    assert (result.events, result.emotions) == ((), ())
    assert all(summary.mean is None for summary in result.summaries)
    assert all(signal.overall is None for signal in result.signals)
    assert result.quality.scored_seconds < ENOUGH_SECONDS


def test_a_cohort_without_evidence_leaves_values_and_widens_them():
    time = courses.times(12)
    series = courses.series(len(time), {au: courses.bump(time, 2, 4, 9, 3) for au in (4, 6, 12)})
    cohort = shipped().cohorts["us-es"]

    signals = describe_track(1, courses.rows(time), series, NEUTRAL, cohort=cohort).signals

    for signal in signals:
        assert signal.calibrated.value == pytest.approx(signal.overall.value)
        assert signal.calibrated.low < signal.overall.low
        assert signal.calibrated.high > signal.overall.high


def test_a_factor_moves_the_calibrated_value_alone():
    time = courses.times(12)
    series = courses.series(len(time), {12: courses.bump(time, 2, 4, 9, 2)})
    known = shipped().cohorts["de-de"]
    more = replace(known, parameters=tuple(replace(one, factor=1.3) for one in known.parameters))

    trust, *_ = describe_track(1, courses.rows(time), series, NEUTRAL, cohort=more).signals
    plain, *_ = describe_track(1, courses.rows(time), series, NEUTRAL).signals

    assert trust.overall == plain.overall
    assert trust.calibrated.value > plain.overall.value + 1
    assert plain.calibrated is None


def test_weak_units_are_described_and_feed_nothing():
    time = courses.times(12)
    shown = {au: courses.bump(time, 2, 4, 9, 4) for au in (4, 6, 12, 25)}
    series = courses.series(len(time), shown)

    whole = describe_track(1, courses.rows(time), series, NEUTRAL)
    weak = describe_track(1, courses.rows(time), series, NEUTRAL, frozenset({4, 12, 25}))

    assert (weak.events, weak.summaries) == (whole.events, whole.summaries)
    assert np.array_equal(weak.activity.intensity, whole.activity.intensity, equal_nan=True)
    assert whole.emotions
    assert whole.smiles.duchenne == 1
    assert (weak.emotions, weak.smiles) == ((), None)
    assert {signal.overall.value for signal in weak.signals if signal.key != "credibility"} == {50.0}
    assert whole.signals[0].overall.value != 50.0


@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_rows(n):
    result = told(courses.rows(courses.times(1)[:n]), courses.series(n, {12: 3.0}))

    assert result.quality.scored_frames == n
    assert result.quality.scored_seconds < ENOUGH_SECONDS


def test_memory_mapped_series_give_the_same_as_arrays(tmp_path):
    time = courses.times(12)
    held = courses.series(len(time), {12: courses.bump(time, 2, 4, 9, 4), 6: courses.bump(time, 3, 4, 8, 3)})
    mapped = {}
    for name in held.__dataclass_fields__:
        np.save(tmp_path / f"{name}.npy", getattr(held, name))
        mapped[name] = np.load(tmp_path / f"{name}.npy", mmap_mode="r")

    first, second = told(courses.rows(time), held), told(courses.rows(time), type(held)(**mapped))

    assert first.events == second.events
    assert first.signals == second.signals
    assert first.summaries == second.summaries
    assert first.emotions == second.emotions
    assert np.array_equal(first.activity.intensity, second.activity.intensity, equal_nan=True)
