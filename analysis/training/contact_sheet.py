"""All 44 Action Units at intensity E beside the neutral face, in the product's four groups."""

from pathlib import Path

import cv2
import numpy as np

from analysis.engine.action_units import ACTION_UNITS, ActionUnit, Group
from analysis.engine.types import U8
from analysis.training.compositions import BY_AU, ONE_SIDED
from analysis.training.errors import TrainingError
from analysis.training.generator.sequences import Parts
from analysis.training.portraits import Sitter, View, shown, view_of
from analysis.training.rig import Intensities

TILE = 232
CAPTION = 34
COLUMNS = 8
_E = 5.0
_QUALITY = 92
_TITLES = {
    Group.UPPER: "Upper face",
    Group.MID: "Mid-face",
    Group.EYE: "Eye region",
    Group.LOWER: "Lower face",
}
_PAPER, _INK = 250, (40, 40, 40)


def tile(sitter: Sitter, units: Intensities, caption: str, view: View = View.FRONT) -> U8:
    """(TILE + CAPTION, TILE, 3) a face and what it shows."""
    below = np.full((CAPTION, TILE, 3), _PAPER, np.uint8)
    for line, text in enumerate(caption.split("\n")):
        place = (4, 13 + 15 * line)
        cv2.putText(below, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.40, _INK, 1, cv2.LINE_AA)
    return np.vstack([sitter.seen(units, view, TILE), below])


def unit_tile(sitter: Sitter, unit: ActionUnit) -> U8:
    """One AU with the companions that FACS scores with it."""
    with_ = "".join(f"+{au}" for au in BY_AU[unit.number].companions)
    side = " (left)" if unit.number in ONE_SIDED else ""
    caption = f"AU{unit.number}{with_}{side}\n{unit.name}"
    return tile(sitter, shown(unit.number, _E), caption, view_of(unit.number))


def make(path: Path) -> None:
    """Write the sheet to `path` (.png or .webp)."""
    sitter = Sitter(Parts.load())
    bands = []
    for group, title in _TITLES.items():
        tiles = [tile(sitter, {}, "Neutral")]
        tiles += [unit_tile(sitter, unit) for unit in ACTION_UNITS if unit.group is group]
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
