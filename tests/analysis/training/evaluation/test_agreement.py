import importlib.util

import numpy as np
import pytest

from analysis.training.evaluation.agreement import MOVES, Skip, compare, mean_over_all, read, scored_share
from tests.support.shared import FOLDER, shared_clip

SMILE = {frame: {12: frame / 10, 25: 1.0} for frame in range(40)}
"""AU25 does not move."""


def write(path, rows, columns):
    lines = [",".join(columns), *(",".join(str(value) for value in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_same_table_agrees_wholly():
    assert compare(SMILE, SMILE) == {12: pytest.approx(1)}


def test_an_opposite_table_disagrees_wholly():
    assert compare({f: {12: 4 - f / 10} for f in range(40)}, SMILE) == {12: pytest.approx(-1)}


def test_a_unit_scored_in_too_few_frames_counts_as_nothing():
    sparse = {frame: row for frame, row in SMILE.items() if frame < 15}

    found = compare(sparse, SMILE)

    assert found == {12: None}
    assert mean_over_all(found) == 0


def test_frames_may_be_left_out_for_some_units():
    wrong = SMILE | {frame: {12: 5 - frame / 10} for frame in range(10)}
    skip = Skip(0, 9, frozenset({12}))

    assert compare(wrong, SMILE)[12] < 0.9
    assert compare(wrong, SMILE, [skip])[12] == pytest.approx(1)
    assert compare(wrong, SMILE, [Skip(0, 9, frozenset({10}))]) == compare(wrong, SMILE)


def test_the_longest_track_is_read_and_empty_cells_are_not_scored(tmp_path):
    rows = [(0, 1, 1, "scored", ""), (0, 2, 3, "scored", 0.5), (1, 2, "", "", 4), (2, "", "", "", "")]
    path = write(tmp_path / "frames.csv", rows, ["frame", "track", "AU12", "AU12_state", "AU45"])

    assert read(path) == {0: {12: 3, 45: 0.5}, 1: {45: 4}}


def test_the_share_of_scored_frames():
    assert scored_share({0: {12: 1.0}, 1: {}}, range(4)) == 0.25


def test_figures_are_those_of_the_shared_tool(tmp_path):
    """Two tables of other systems, one of them as if it were ours."""
    shared_clip("")
    spec = importlib.util.spec_from_file_location("agreement", FOLDER / "tools" / "agreement.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    for clip in ("woman-sad-to-smile", "single-face", "gaze-and-head-turns"):
        paths = [
            FOLDER / "reference" / "clips" / f"{clip}.{system}.csv" for system in ("mediapipe", "openface")
        ]
        skips = [(20, 60, {"AU10", "AU12"})]
        expected = tool.compare(*(tool.read(path) for path in paths), skips)

        found = compare(*(read(path) for path in paths), [Skip(20, 60, frozenset({10, 12}))])

        assert [f"AU{au:02d}" for au in found] == list(expected)
        assert [r is None for r in found.values()] == [r is None for r in expected.values()]
        assert [r for r in found.values() if r is not None] == pytest.approx(
            [r for r in expected.values() if r is not None], abs=1e-5
        )
        assert mean_over_all(found) == pytest.approx(tool.figures(expected)[2], abs=1e-5)
        assert np.isfinite(mean_over_all(found))


def test_the_corners_of_the_weeping_mouth_move_in_the_other_table_behind_the_hand_alone():
    """What the model card says of AU15: the hand is before her mouth from frame 57 to 228."""
    shared_clip("")
    table = read(FOLDER / "reference" / "clips" / "woman-sad-to-smile.openface.csv")

    behind, seen = (
        [row[15] for frame, row in table.items() if (57 <= frame <= 228) is hand] for hand in (True, False)
    )

    assert np.std(behind) > 2 * MOVES
    assert np.std(seen) < MOVES / 5
