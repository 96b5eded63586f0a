from collections import Counter

import numpy as np
import pytest

from analysis.training.renderer.glasses import frame


def test_a_frame_is_mirrored_and_stands_before_the_eyes():
    points, triangles = frame(0.2, 0.5)

    assert points[:, 0].max() == pytest.approx(-points[:, 0].min(), abs=0.2)
    assert points[:, 2].max() > 2.4
    assert triangles.min() == 0
    assert triangles.max() == len(points) - 1


def test_a_lens_is_ringed_without_gaps():
    _, triangles = frame(0.2, 0.0)
    ring = triangles[triangles.max(axis=1) < 28 * 4]
    edges = Counter(
        tuple(sorted(edge)) for t in ring.tolist() for edge in ((t[0], t[1]), (t[1], t[2]), (t[2], t[0]))
    )

    assert set(edges.values()) == {2}


def test_a_thicker_frame_is_thicker():
    widths = [np.ptp(frame(thickness, 0.0)[0][:4], axis=0).max() for thickness in (0.1, 0.4)]

    assert widths[1] == pytest.approx(4 * widths[0], rel=0.05)
