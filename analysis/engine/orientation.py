"""How a stored picture has to be turned, and perhaps mirrored, to stand upright."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, cast

import cv2
import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame

from analysis.engine.types import U8

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av.sidedata.sidedata import SideData

_CLOCKWISE = {
    (False, False, False): 0,
    (True, True, False): 90,
    (False, True, True): 180,
    (True, False, True): 270,
}
"""Degrees, of `transposed`, `left_right` and `upside_down`."""
_FLIPS = {(True, False): 1, (False, True): 0, (True, True): -1}
"""OpenCV's numbers, of `left_right` and `upside_down`."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """Swap the axes, then flip: every quarter turn, mirrored or not, is one of these eight."""

    transposed: bool = False
    left_right: bool = False
    upside_down: bool = False

    @classmethod
    def of(cls, picture: VideoFrame) -> Self:
        """As the picture's display matrix states; turns between quarters go to the nearest.

        The matrix is read here since PyAV's own `rotation` takes a mirrored picture for one upside down.
        """
        # PyAV's stubs know of motion vectors alone.
        side_data = cast("Mapping[Type, SideData]", picture.side_data)
        if Type.DISPLAYMATRIX not in side_data:
            return cls()
        # Stored (x, y) is shown at (a x + c y, b x + d y), both with x right and y down (ISO/IEC 14496-12).
        (a, b, _), (c, d, _), _ = (
            np.frombuffer(bytes(side_data[Type.DISPLAYMATRIX]), dtype="<i4").reshape(3, 3).tolist()
        )
        transposed = abs(b) + abs(c) > abs(a) + abs(d)
        return cls(transposed, (c if transposed else a) < 0, (b if transposed else d) < 0)

    @property
    def mirrored(self) -> bool:
        return self.transposed ^ self.left_right ^ self.upside_down

    @property
    def clockwise(self) -> int:
        """Degrees clockwise (0, 90, 180, 270); a mirrored picture is then flipped left to right."""
        return _CLOCKWISE[self.transposed, self.left_right ^ self.mirrored, self.upside_down]

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height after turning; turning back is the same swap."""
        return (height, width) if self.transposed else (width, height)

    def apply(self, image: U8) -> U8:
        """The (h, w, 3) picture upright and contiguous."""
        turned = cv2.transpose(image) if self.transposed else image
        flip = _FLIPS.get((self.left_right, self.upside_down))
        return np.ascontiguousarray(turned if flip is None else cv2.flip(turned, flip), dtype=np.uint8)
