import json

import av
import numpy as np
import pytest

from analysis.engine.action_units import AU_INDEX, AU_NUMBERS
from analysis.training.atlas_loops import FPS, LOOP_SECONDS, LOOP_SIZE, frames, script, write_loop
from analysis.training.generator.sequences import Parts
from analysis.training.portraits import Sitter
from echodepth.env import BASE_DIR

FOLDER = BASE_DIR / "static" / "atlas"
COMMITTED = json.loads((FOLDER / "atlas.json").read_text(encoding="utf-8"))


def decoded(path):
    """Its streams, and its frames as (n, height, width, 3)."""
    with av.open(str(path)) as container:
        streams = [(stream.type, stream.codec_context.name) for stream in container.streams]
        return streams, np.stack([f.to_ndarray(format="rgb24") for f in container.decode(video=0)]).astype(
            int
        )


def shown(au):
    done = script(au)
    time = done.times(FPS)
    return time, done.truth(time), done.tongue(time)


@pytest.mark.parametrize("au", AU_NUMBERS)
def test_a_loop_begins_and_ends_calm_and_reaches_the_most_between(au):
    time, truth, _ = shown(au)

    assert len(time) == 60
    assert truth[0].max() == truth[-1].max() == 0
    assert truth[:, AU_INDEX[au]].max() > 4.5


def test_a_companion_comes_and_goes_with_its_unit():
    _, truth, _ = shown(26)

    assert truth[:, AU_INDEX[25]].max() == pytest.approx(3)
    assert ((truth[:, AU_INDEX[25]] > 0) == (truth[:, AU_INDEX[26]] > 0)).all()
    assert truth[:, AU_INDEX[27]].max() == 0


def test_a_blink_is_short_a_wink_one_sided_and_closed_eyes_stay_closed():
    closed = {au: (shown(au)[1][:, AU_INDEX[au]] > 0.5).sum(axis=0) / float(FPS) for au in (43, 45, 46)}

    assert 0.1 < closed[45].max() < 0.5
    assert closed[43].min() > 0.8
    assert closed[46][1] == 0 < closed[46][0] < 0.6


def test_a_bite_moves_and_the_tongue_wipes_along_the_lip_and_back():
    bite = shown(32)[1][:, AU_INDEX[32], 0]
    _, wiped, tongue = shown(37)
    out = wiped[:, AU_INDEX[37], 0] > 4

    assert np.ptp(bite[25:45]) > 0.3
    assert tongue[out].min() < -0.3 < 0.9 < tongue[out].max()
    assert np.ptp(shown(19)[2]) == 0


@pytest.mark.parametrize("au", AU_NUMBERS)
def test_a_committed_loop_is_silent_small_and_closes(au):
    entry = COMMITTED["units"][str(au)]["loop"]
    streams, pictures = decoded(FOLDER / entry["file"])

    assert streams == [("video", "vp9")]
    assert pictures.shape == (60, LOOP_SIZE, LOOP_SIZE, 3)
    assert (COMMITTED["loop_size"], entry["seconds"]) == (LOOP_SIZE, LOOP_SECONDS)
    assert len(pictures) / FPS == pytest.approx(entry["seconds"])
    assert (FOLDER / entry["file"]).stat().st_size < 60_000
    jump = np.abs(pictures[-1] - pictures[0]).mean()
    assert jump < 0.1
    # Something is shown in between.
    assert max(np.abs(picture - pictures[0]).mean() for picture in pictures[15:45]) > 0.2


def test_a_loop_rendered_again_is_the_committed_one(rig, renderer, tmp_path):
    write_loop(tmp_path / "au45.webm", Sitter(Parts(rig, renderer)), 45)

    _, again = decoded(tmp_path / "au45.webm")
    _, committed = decoded(FOLDER / "au45.webm")
    assert np.abs(again - committed).mean() < 1


def test_what_is_posed_twice_is_rendered_once(rig, renderer, monkeypatch):
    sitter, rendered = Sitter(Parts(rig, renderer)), []
    monkeypatch.setattr(
        sitter, "seen", lambda *asked: rendered.append(asked) or np.zeros((1, 1, 3), np.uint8)
    )

    assert len(list(frames(sitter, 45))) == 60
    # A blink lasts seven frames; all others are one calm face.
    assert 5 < len(rendered) < 10
