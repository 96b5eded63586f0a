import csv
import io
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from analysis.engine.action_units import AU_COUNT, AU_INDEX
from analysis.training import __main__ as command
from analysis.training import demonstration
from analysis.training.generator.sequences import Side

COMMITTED = Path(demonstration.__file__).parents[1] / "demonstration"
TIME = demonstration.SCRIPT.times(demonstration.FPS)
SHOWN = demonstration.SCRIPT.truth(TIME)


def test_the_committed_truth_is_the_scripts():
    truth = (COMMITTED / demonstration.TRUTH).read_text(encoding="utf-8")

    assert truth == demonstration.truth_table(SHOWN)


def test_the_committed_recording_has_a_frame_for_every_row_of_the_truth():
    with av.open(str(COMMITTED / demonstration.RECORDING)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == demonstration.SIZE
        assert stream.average_rate == demonstration.FPS
        assert stream.frames == len(SHOWN) == 600
    assert (COMMITTED / demonstration.RECORDING).stat().st_size < 6 << 20
    assert "Copyright (c) 2020 USC Institute for Creative Technologies" in (COMMITTED / "NOTICE").read_text()


def test_the_person_begins_calm_and_blinks_as_people_do():
    blinks = [a for a in demonstration.SCRIPT.activations if a.au == 45]
    others = np.delete(SHOWN, AU_INDEX[45], axis=1)

    assert others[TIME < 2.2].max() == 0
    assert 10 <= len(blinks) / TIME[-1] * 60 <= 30
    assert [(a.au, a.side) for a in demonstration.SCRIPT.activations if a.au == 46] == [(46, Side.RIGHT)]


def test_one_smile_goes_without_au6_and_one_with_it():
    smiling, cheeks = SHOWN[:, AU_INDEX[12], 0], SHOWN[:, AU_INDEX[6], 0]

    assert cheeks[(smiling > 1.5) & (TIME < 6)].max() == 0
    assert cheeks[(smiling > 4) & (TIME > 6)].min() > 3


def test_the_whole_of_a_unit_is_the_mean_of_its_sides_or_the_winking_one():
    shown = np.zeros((1, AU_COUNT, 2), np.float32)
    shown[0, AU_INDEX[2]] = (3, 0)
    shown[0, AU_INDEX[46]] = (0, 4)
    shown[0, AU_INDEX[24]] = 2

    (row,) = csv.DictReader(io.StringIO(demonstration.truth_table(shown)))

    assert (row["AU02"], row["AU02_left"], row["AU02_right"]) == ("1.5", "3", "0")
    assert row["AU46"] == "4"
    assert row["AU24"] == "2"
    assert "AU24_left" not in row
    assert (row["frame"], row["time"]) == ("0", "0.000000")


def test_a_video_keeps_size_rate_and_pictures(tmp_path):
    width, height = demonstration.SIZE
    pictures = [np.full((height, width, 3), grey, np.uint8) for grey in (40, 200)]
    demonstration.write_video(tmp_path / "a.mp4", pictures)

    with av.open(str(tmp_path / "a.mp4")) as container:
        greys = [frame.to_ndarray(format="rgb24").mean() for frame in container.decode(video=0)]
    assert greys == pytest.approx([40, 200], abs=4)


@pytest.mark.usefixtures("rig")
def test_the_command_renders_recording_and_truth(tmp_path, monkeypatch):
    monkeypatch.setattr(demonstration, "SCRIPT", replace(demonstration.SCRIPT, seconds=0.1))

    assert command.main(["demo", "--out", str(tmp_path / "new")]) == 0

    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "demonstration.csv",
        "recording.mp4",
    ]
    with av.open(str(tmp_path / "new" / demonstration.RECORDING)) as container:
        first = next(container.decode(video=0)).to_ndarray(format="rgb24")
    width, height = demonstration.SIZE
    assert first.shape == (height, width, 3)
    # A face in the middle: brighter and redder than the wall beside it.
    face, wall = first[150:300, 420:540].astype(float), first[150:300, 640:680].astype(float)
    assert (face[..., 0] - face[..., 2]).mean() > (wall[..., 0] - wall[..., 2]).mean() + 20
