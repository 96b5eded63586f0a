import numpy as np

from analysis.engine.types import Exclusion
from reports.domain.coverage import read_coverage
from reports.domain.span import Span


def block(times, tracks, reasons):
    return {
        "time": np.array(times),
        "track": np.array(tracks),
        "excluded": np.array([reason.code for reason in reasons]),
    }


def test_each_bin_takes_what_held_longest_and_an_absent_face_reads_no_face():
    scored, dark, gone = Exclusion.NONE, Exclusion.TOO_DARK, Exclusion.NO_FACE
    first = block([0.0, 0.5, 0.9, 1.0], [1, 1, 1, 1], [scored, dark, dark, scored])
    second = block([1.5, 2.5, 3.5, 4.0], [1, -1, 2, 2], [scored, gone, scored, dark])

    found = read_coverage([first, second], [1, 2], span=Span(0.0, 4.0), bins=4)

    assert found[1].tolist() == [dark, scored, gone, gone]
    assert found[2].tolist() == [gone, gone, gone, scored]


def test_one_frame_at_time_zero_fills_the_first_bin():
    found = read_coverage([block([0.0], [1], [Exclusion.NONE])], [1], span=Span(0.0, 0.0), bins=3)

    assert found[1].tolist() == [Exclusion.NONE, Exclusion.NO_FACE, Exclusion.NO_FACE]
