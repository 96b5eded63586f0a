"""All 44 Action Units at intensity E beside the neutral face, in the product's four groups."""

from pathlib import Path

import cv2
import numpy as np

from analysis.engine.action_units import ACTION_UNITS, ActionUnit, Group
from analysis.engine.types import U8
from analysis.training.compositions import BY_AU, ONE_SIDED
from analysis.training.errors import TrainingError
from analysis.training.renderer.look import Look
from analysis.training.renderer.render import Dressed, Renderer
from analysis.training.renderer.scene import Camera, Lighting
from analysis.training.rig import HeadPose, Intensities, Rig

TILE = 232
CAPTION = 34
COLUMNS = 8
COMPANION_INTENSITY = 3.0
_QUALITY = 92
_TITLES = {
    Group.UPPER: "Upper face",
    Group.MID: "Mid-face",
    Group.EYE: "Eye region",
    Group.LOWER: "Lower face",
}
_CAMERA = Camera(distance=85.0, focal=4.3, aim=(0.0, -0.3))
_NECK_CAMERA = Camera(distance=85.0, focal=3.0, aim=(0.0, -4.2))
_ON_THE_NECK = (21,)
_IN_PROFILE = (29,)
"""AUs that hardly show from in front."""
_ASIDE = HeadPose(yaw=-40)
_ASIDE_CAMERA = Camera(distance=85.0, focal=4.3, aim=(-4.5, -0.3))
_LOOK = Look(seed=4, tone=4.6, age=0.45, creasing=0.85, brow_density=0.75, style="short", oil=0.3)
_PAPER, _INK = 250, (40, 40, 40)


class Sheet:
    """Draws the tiles of one person."""

    def __init__(self, rig: Rig, renderer: Renderer, look: Look = _LOOK) -> None:
        self._rig = rig
        self._renderer = renderer
        self._dressed: Dressed = renderer.dress(look)
        self._person = rig.person(np.zeros(len(rig.kit.identities)))
        self._background = np.full((TILE, TILE, 3), 0.30, np.float32)

    def tile(
        self,
        action_units: Intensities,
        caption: str,
        camera: Camera = _CAMERA,
        head: HeadPose | None = None,
    ) -> U8:
        """(TILE + CAPTION, TILE, 3) a face and what it shows."""
        posed = self._rig.pose(self._person, action_units, head)
        face = self._renderer.render(posed, self._dressed, camera, Lighting(), self._background)
        below = np.full((CAPTION, TILE, 3), _PAPER, np.uint8)
        for line, text in enumerate(caption.split("\n")):
            place = (4, 13 + 15 * line)
            cv2.putText(below, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.40, _INK, 1, cv2.LINE_AA)
        return np.vstack([face, below])

    def unit(self, unit: ActionUnit, intensity: float = 5.0) -> U8:
        """One AU with the companions that FACS scores with it."""
        composition = BY_AU[unit.number]
        shown: dict[int, float | tuple[float, float]] = dict.fromkeys(
            composition.companions, COMPANION_INTENSITY
        )
        shown[unit.number] = (intensity, 0.0) if unit.number in ONE_SIDED else intensity
        with_ = "".join(f"+{au}" for au in composition.companions)
        side = " (left)" if unit.number in ONE_SIDED else ""
        return self.tile(
            shown,
            f"AU{unit.number}{with_}{side}\n{unit.name}",
            _camera(unit.number),
            _ASIDE if unit.number in _IN_PROFILE else HeadPose(),
        )


def _camera(au: int) -> Camera:
    if au in _IN_PROFILE:
        return _ASIDE_CAMERA
    return _NECK_CAMERA if au in _ON_THE_NECK else _CAMERA


def make(path: Path) -> None:
    """Write the sheet to `path` (.png or .webp)."""
    rig = Rig()
    sheet = Sheet(rig, Renderer(rig.kit))
    bands = []
    for group, title in _TITLES.items():
        tiles = [sheet.tile({}, "Neutral")]
        tiles += [sheet.unit(unit) for unit in ACTION_UNITS if unit.group is group]
        bands.append(_band(title, tiles))
    picture = np.vstack(bands)
    options = [cv2.IMWRITE_WEBP_QUALITY, _QUALITY] if path.suffix == ".webp" else []
    if not cv2.imwrite(str(path), picture[..., ::-1], options):
        raise TrainingError(f"{path} could not be written.")


def _band(title: str, tiles: list[U8]) -> U8:
    width = COLUMNS * TILE
    head = np.full((30, width, 3), _PAPER, np.uint8)
    cv2.putText(head, title, (4, 21), cv2.FONT_HERSHEY_SIMPLEX, 0.6, _INK, 1, cv2.LINE_AA)
    rows = [head]
    for start in range(0, len(tiles), COLUMNS):
        row = np.hstack(tiles[start : start + COLUMNS])
        rest = np.full((row.shape[0], width - row.shape[1], 3), _PAPER, np.uint8)
        rows.append(np.hstack([row, rest]))
    return np.vstack(rows)
