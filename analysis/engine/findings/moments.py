"""When a component moved a signal."""

import numpy as np

from analysis.engine.finding_types import Moment
from analysis.engine.findings.signal_table import ComponentRule
from analysis.engine.findings.spans import LONGEST_GAP, spans
from analysis.engine.types import F32, F64

MOST = 5
"""Moments of a component that are told."""
FROM, REACHES = 0.05, 0.15
"""Levels at which a moment begins and ends, and that it must reach."""


def moments(rule: ComponentRule, level: F32, time: F64, weight: F64) -> tuple[Moment, ...]:
    """Those that moved the signal most (points times seconds), in order of time.

    `level`, `time` and `weight` (seconds a row stands for, 0 where it was not scored) are (n,).
    """
    course = np.where(weight > 0, level, np.float32(np.nan))
    found = _joined(spans(course, time, FROM, REACHES), time)
    moved = [float((weight * level)[first : last + 1].sum()) for first, last in found]
    most = sorted(range(len(found)), key=lambda place: (-moved[place], place))[:MOST]
    return tuple(_moment(rule, *found[place], level, time, weight) for place in sorted(most))


def _moment(rule: ComponentRule, first: int, last: int, level: F32, time: F64, weight: F64) -> Moment:
    peak = float(level[first : last + 1].max())
    return Moment(float(time[first]), float(time[last] + weight[last]), rule.points * peak)


def _joined(found: list[tuple[int, int]], time: F64) -> list[tuple[int, int]]:
    """Stretches with no more between them than may be missing from one."""
    joined: list[tuple[int, int]] = []
    for first, last in found:
        if joined and time[first] - time[joined[-1][1]] <= LONGEST_GAP:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined
