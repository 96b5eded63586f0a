"""The atlas's loops: an Action Unit comes and goes, and the last frame leads into the first."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from analysis.engine.types import U8
from analysis.training.compositions import BY_AU, Course
from analysis.training.courses import BLINK, WINK, Timing
from analysis.training.generator.sequences import Activation, Script, Side
from analysis.training.portraits import Sitter, shown, view_of

LOOP_SECONDS = 2.4
LOOP_SIZE = 400
FPS = Fraction(25)
_HELD = Timing(0.5, 0.8, 0.6)
_TIMINGS = {
    Course.BLINK: BLINK,
    Course.WINK: WINK,
    Course.BITE: Timing(0.4, 1.2, 0.4),
    # The tongue goes along the lip and back: twice the seconds of one way in `courses.wipe`.
    Course.WIPE: Timing(0.3, 1.2, 0.3),
}
_PEAK = 5.0
_ENCODER = {"crf": "28", "b": "0", "deadline": "good", "cpu-used": "1", "row-mt": "0", "lag-in-frames": "25"}


def script(au: int) -> Script:
    """What is done in the loop of one AU, its companions with it; neutral at both ends."""
    timing = _TIMINGS.get(BY_AU[au].course, _HELD)
    start = (LOOP_SECONDS - timing.total) / 2
    done = []
    for unit, peak in shown(au, _PEAK).items():
        side, height = (Side.LEFT, peak[0]) if isinstance(peak, tuple) else (Side.BOTH, peak)
        done.append(Activation(unit, start, timing, height, side))
    return Script(LOOP_SECONDS, tuple(done), sway=0.0)


def write_loop(path: Path, sitter: Sitter, au: int) -> None:
    """VP9 in WebM, without sound."""
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libvpx-vp9", rate=FPS, options=_ENCODER)
        stream.width, stream.height, stream.pix_fmt = LOOP_SIZE, LOOP_SIZE, "yuv420p"
        stream.thread_count = 1
        for picture in frames(sitter, au):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


def frames(sitter: Sitter, au: int) -> Iterator[U8]:
    """The pictures (LOOP_SIZE, LOOP_SIZE, 3) of one AU's loop; what is posed twice is rendered once."""
    view, done = view_of(au), script(au)
    time = done.times(FPS)
    rendered: dict[bytes, U8] = {}
    for units, tongue in zip(done.truth(time), done.tongue(time), strict=True):
        wipe = float(tongue) if units.any() else 0.0
        key = units.tobytes() + np.float64(wipe).tobytes()
        if key not in rendered:
            rendered[key] = sitter.seen(units, view, LOOP_SIZE, wipe)
        yield rendered[key]
