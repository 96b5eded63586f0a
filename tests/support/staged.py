"""Recordings of emotion states without their pictures: the truth alone, and the truth as a measurement."""

from pathlib import Path

import numpy as np

from analysis.training.evaluation.findings import truth
from analysis.training.evaluation.findings.recordings import Analysed, Recorded


def recorded(staged):
    """What rendering would put down beside the film."""
    order = staged.order
    time = order.script.times(order.fps)
    n = len(time)
    return Recorded(
        order,
        Path("none.mp4"),
        time,
        order.script.truth(time),
        np.zeros((n, 3), np.float32),
        np.zeros((n, 2), np.float32),
    )


def measured(film, weak=frozenset(), blind=()):
    """The truth as a measurement that misses some rows of the series."""
    series = truth.series(film)
    for row in blind:
        series.intensity[row] = 0
        series.left[row] = series.right[row] = 0
    return Analysed(truth.rows(film), series, weak)
