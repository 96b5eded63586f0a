"""The atlas of the 44 Action Units for the public pages: pictures, loops, a map, and what is said of each.

Rendered from ICT FaceKit (MIT, see docs/rig.md). Everything follows from the rig and the tables beside this
file; the same command on the same machine writes the same bytes.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from analysis.engine.action_units import ACTION_UNITS, AU_INDEX, AU_NUMBERS, ActionUnit
from analysis.engine.types import F32, U8
from analysis.training.atlas_loops import LOOP_SECONDS, LOOP_SIZE, write_loop
from analysis.training.atlas_points import Point, points
from analysis.training.compositions import BY_AU, ONE_SIDED
from analysis.training.errors import TrainingError
from analysis.training.generator.sequences import Parts, Side
from analysis.training.portraits import Sitter, Stand, View, shown, view_of
from analysis.training.renderer.scene import Camera
from analysis.training.rig import HeadPose
from analysis.training.tellings import confused_with, tell

VERSION = 1
COMMAND = "python -m analysis.training atlas static/atlas"
CONTENTS = "atlas.json"
SIZE = 480
MAP, MAP_SIZE = "map.webp", (600, 800)
MAP_STAND = Stand(Camera(distance=95.0, focal=3.0, aim=(0.013, 0.6)), HeadPose())
NEUTRALS = {View.FRONT: "neutral.webp", View.NECK: "neutral-neck.webp", View.PROFILE: "neutral-profile.webp"}
LETTERS = {"A": 1.0, "C": 3.0, "E": 5.0}
SIDES = {"left": Side.LEFT, "right": Side.RIGHT}
_E = LETTERS["E"]
_QUALITY = 80


def make(folder: Path, only: Sequence[int] = AU_NUMBERS) -> None:
    """Write the atlas into `folder`, made where it is not there; of the units, those of `only`."""
    sitter = Sitter(Parts.load())
    folder.mkdir(parents=True, exist_ok=True)
    for view, name in NEUTRALS.items():
        _write(folder / name, sitter.seen({}, view, SIZE))
    _write(folder / MAP, chart(sitter))
    for au in only:
        make_unit(sitter, ACTION_UNITS[AU_INDEX[au]], folder)
    text = json.dumps(contents(points(sitter, MAP_STAND, MAP_SIZE)), indent=1, sort_keys=True)
    (folder / CONTENTS).write_text(text + "\n", encoding="utf-8")


def make_unit(sitter: Sitter, unit: ActionUnit, folder: Path) -> None:
    """The pictures and the loop of one Action Unit."""
    for which, name in pictures(unit).items():
        _write(folder / name, still(sitter, unit, which))
    write_loop(folder / loop(unit), sitter, unit.number)


def still(sitter: Sitter, unit: ActionUnit, which: str) -> U8:
    """(SIZE, SIZE, 3) sRGB of `which`: a letter of `LETTERS` or a side of `SIDES`, that one at E."""
    units = shown(unit.number, LETTERS.get(which, _E), SIDES.get(which, Side.BOTH))
    return sitter.seen(units, view_of(unit.number), SIZE)


def pictures(unit: ActionUnit) -> dict[str, str]:
    """File names by letter, and by side where FACS gives the unit sides."""
    which = [*LETTERS, *(SIDES if unit.sided else ())]
    return {one: f"au{unit.number}-{one.lower()}.webp" for one in which}


def loop(unit: ActionUnit) -> str:
    return f"au{unit.number}.webm"


def chart(sitter: Sitter) -> U8:
    """The map (height, width, 4) sRGB and opacity: the neutral face with nothing behind it."""
    width, height = MAP_SIZE
    posed = sitter.pose({}, MAP_STAND)
    black, white = (
        sitter.picture(posed, MAP_STAND.camera, np.full((height, width, 3), grey, np.float32))
        for grey in (0.0, 1.0)
    )
    return cut_out(black, white)


def cut_out(black: U8, white: U8) -> U8:
    """(h, w, 4): what is alike before black and before white (h, w, 3) is there, the rest lets it through."""
    through = (white.astype(np.float32) - black).max(axis=2, keepdims=True)
    there: F32 = 1 - through / max(float(through.max()), 1.0)
    colour = black / np.maximum(there, 1 / 255)
    return np.asarray(np.clip(np.dstack([colour, 255 * there]) + 0.5, 0, 255), np.uint8)


def contents(places: dict[int, Point]) -> dict[str, object]:
    """What `CONTENTS` says; `places` as `points` gives them."""
    width, height = MAP_SIZE
    return {
        "version": VERSION,
        "command": COMMAND,
        "size": SIZE,
        "loop_size": LOOP_SIZE,
        "neutral": {view.value: name for view, name in NEUTRALS.items()},
        "map": {"picture": MAP, "width": width, "height": height},
        "units": {str(unit.number): _entry(unit, places[unit.number]) for unit in ACTION_UNITS},
    }


def _entry(unit: ActionUnit, place: Point) -> dict[str, object]:
    composition = BY_AU[unit.number]
    return {
        "change": composition.change,
        "companions": list(composition.companions),
        "source": composition.source.value,
        "course": composition.course.value,
        "view": view_of(unit.number).value,
        "one_sided": unit.number in ONE_SIDED,
        "confused": [{"with": au, "tell": tell(unit.number, au)} for au in confused_with(unit.number)],
        "pictures": pictures(unit),
        "loop": {"file": loop(unit), "seconds": LOOP_SECONDS},
        "point": list(place),
    }


def _write(path: Path, picture: U8) -> None:
    """A picture (h, w, 3 or 4) as WebP."""
    order = [2, 1, 0, 3][: picture.shape[2]]
    if not cv2.imwrite(str(path), picture[..., order], [cv2.IMWRITE_WEBP_QUALITY, _QUALITY]):
        raise TrainingError(f"{path} could not be written.")
