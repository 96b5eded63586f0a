"""Rendered pictures as a recording, which the product reads like any other."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from analysis.engine.types import F32, U8

_ENCODER = {"crf": "16", "preset": "veryfast"}
"""H.264, hardly compressed."""


def write(path: Path, frames: Iterable[tuple[U8, F32]], fps: Fraction, size: tuple[int, int]) -> F32:
    """Write pictures of `size` (width, height) at `fps` as MP4; the (n, 44, 2) truth of the frames."""
    truth = []
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options=_ENCODER)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.thread_count = 1
        for picture, shown in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            truth.append(shown)
        container.mux(stream.encode())
    return np.stack(truth)
