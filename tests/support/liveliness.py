"""A track on which much goes on: displays of many kinds, nods, glances and noise, drawn at random."""

from dataclasses import fields

import numpy as np

from analysis.engine.findings.signal_table import SIGNALS
from tests.support import courses

AUS = sorted({au for rules in SIGNALS.values() for rule in rules for au in rule.aus} | {43, 45})
DISPLAYS = (
    (12,),
    (6, 12),
    (1, 2),
    (4,),
    (15, 17),
    (23, 24),
    (4, 9),
    (14,),
    (4, 17, 24),
    (10,),
    (12, 15),
)
NOISE = 0.15
"""Points by which an intensity differs from row to row."""


def lively(seed, seconds, rate=30.0):
    """Rows and series: a display starts every 2.5 seconds, a nod or shake and a glance every ten."""
    rng = np.random.default_rng(seed)
    time = courses.times(seconds, rate)
    sides = _displays(rng, time, seconds)
    whole = {au: (left + right) / 2 for au, (left, right) in sides.items()}
    left, right = ({au: both[side] for au, both in sides.items()} for side in (0, 1))
    pose, gaze = _moves(rng, time, seconds)
    return (
        courses.rows(time, pose=pose, gaze=gaze),
        courses.series(len(time), whole, left, right, scorable=frozenset(AUS)),
    )


def _displays(rng, time, seconds):
    sides = {au: np.zeros((2, len(time))) for au in AUS}
    for _ in range(int(seconds / 2.5)):
        shown = DISPLAYS[rng.integers(len(DISPLAYS))]
        times = rng.uniform(0, seconds) + np.cumsum(
            [0, rng.uniform(0.2, 0.8), rng.uniform(0.1, 3), rng.uniform(0.15, 1.2)]
        )
        peak, lean = rng.uniform(1, 5), rng.choice([0, 0, 0, -0.5, 0.5])
        course = np.interp(time, times, [0, peak, peak, 0])
        each = np.stack([course * min(1, 1 + lean), course * min(1, 1 - lean)])
        for au in shown:
            sides[au] = np.maximum(sides[au], each)
    return {au: np.clip(both + rng.normal(0, NOISE, both.shape), 0, 5) for au, both in sides.items()}


def _moves(rng, time, seconds):
    pose, gaze = rng.normal(0, 0.4, (len(time), 3)), rng.normal(0, 1.5, (len(time), 2))
    for _ in range(int(seconds / 10)):
        start, often, size = rng.uniform(0, seconds), rng.uniform(0.8, 2), rng.uniform(2, 8)
        wave = size * np.sin(2 * np.pi * often * (time - start))
        pose[:, rng.integers(2)] += wave * ((time > start) & (time < start + 2))
        start, long = rng.uniform(0, seconds), rng.uniform(0.5, 4)
        gaze[:, 0] += rng.uniform(-35, 35) * ((time > start) & (time < start + long))
    return pose, gaze


def part(rows, series, wanted):
    """Those rows of both."""
    return (
        type(rows)(*(getattr(rows, field.name)[wanted] for field in fields(rows))),
        type(series)(*(getattr(series, field.name)[:, wanted] for field in fields(series))),
    )
