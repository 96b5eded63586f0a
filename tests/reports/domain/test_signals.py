import dataclasses

import pytest

from analysis.engine.finding_types import Component, Signal, SignalPoint
from analysis.engine.types import Interval
from reports.domain.signals import SignalReport
from tests.support.results import example_track

POINTS = (SignalPoint(2.0, 61.0, 50.0, 70.0), SignalPoint(3.0, 48.0, 40.0, 60.0))
SIGNAL = Signal(
    "trust",
    Interval(56.0, 49.0, 64.0),
    POINTS,
    (
        Component("smile", 22, 0.3, 6.6),
        Component("nodding", 8, 0.0, 0.0),
        Component("corners_down", 8, 0.0, 0.0),
        Component("voice", 10, 0.0, 0.0, available=False),
    ),
    calibrated=Interval(58.0, 50.0, 68.0),
)


def test_components_fall_into_moved_still_open_and_not_available():
    report = SignalReport.of(SIGNAL, {15})

    assert [part.key for part in report.moving] == ["smile"]
    assert [part.key for part in report.still] == ["nodding"]
    assert [part.key for part in report.open] == ["corners_down"]
    assert [part.key for part in report.unavailable] == ["voice"]


def test_lowest_and_highest_are_points_of_the_series():
    report = SignalReport.of(SIGNAL, frozenset())

    assert (report.lowest, report.highest) == (POINTS[1], POINTS[0])
    assert report.calibrated == Interval(58.0, 50.0, 68.0)


def test_without_a_value_nothing_calibrated_is_told_either():
    report = SignalReport.of(dataclasses.replace(SIGNAL, overall=None, calibrated_series=POINTS), frozenset())

    assert (report.calibrated, report.series, report.calibrated_series) == (None, (), ())
    assert report.lowest is None


@pytest.mark.parametrize("signal", example_track(1200).signals, ids=lambda signal: signal.key)
def test_components_that_moved_most_come_first_with_their_moments(signal):
    report = SignalReport.of(signal, frozenset())
    moved = [abs(part.moved) for part in report.components]

    assert moved == sorted(moved, reverse=True)
    assert all(part.moments for part in report.moving)
