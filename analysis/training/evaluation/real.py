"""Agreement with two other systems on recordings of real people, through the whole analysis."""

import math
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.engine import frame_table
from analysis.engine.action_units import AU_NUMBERS, PRESENT_FROM
from analysis.engine.analyse import FRAMES_FILE, Config, analyse
from analysis.engine.runtime import Models
from analysis.training.errors import TrainingError
from analysis.training.evaluation.agreement import Skip, Table, compare, mean_over_all, read, scored_share

FIRST, SECOND = "openface", "mediapipe"
"""The systems compared with; bars are set against the first, whose Action Units come from human codes."""
EYE_CODES = frozenset(range(41, 47))


@dataclass(frozen=True, slots=True)
class Clip:
    name: str
    file: str
    skips: tuple[Skip, ...] = ()
    hands: range = range(0)
    """Frames with hands over the face, counted apart."""


CLIPS = (
    Clip(
        "woman-sad-to-smile",
        "woman-sad-to-smile.mp4",
        (Skip(20, 60, frozenset({10, 12})),),
        range(100, 216),
    ),
    Clip("single-face", "single-face.mp4"),
    Clip("gaze-and-head-turns", "gaze-and-head-turns.avi"),
)
CRYING = range(20, 61)
"""Frames of the first clip in which she cries; both other systems call it a smile."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """One clip: our table and the others'."""

    clip: Clip
    ours: Table
    theirs: Mapping[str, Table]


def analysed(clips: Path, references: Path, models: Models) -> list[Analysed]:
    """Every clip analysed as the product does it; TrainingError where a file is absent."""
    return [
        Analysed(
            clip,
            table(_present(clips / clip.file), models),
            {system: read(_present(references / f"{clip.name}.{system}.csv")) for system in (FIRST, SECOND)},
        )
        for clip in CLIPS
    ]


def table(recording: Path, models: Models) -> Table:
    """The product's own export of a recording's longest track."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        analyse(recording, path, models, Config(), lambda *_: None)
        frame_table.parquet_to_csv(path / FRAMES_FILE, path / "frames.csv")
        return read(path / "frames.csv")


def facts(one: Analysed) -> dict[str, Any]:
    """What the card says of a clip; `action_units` are r with the first system, unscored ones left out."""
    found = {system: compare(one.ours, table, one.clip.skips) for system, table in one.theirs.items()}
    first = one.theirs[FIRST]
    plain = [frame for frame in first if frame not in one.clip.hands]
    hidden = [frame for frame in first if frame in one.clip.hands]
    return {
        "frames": len(first),
        "mean_r_all_moving": _rounded(mean_over_all(found[FIRST])),
        "moving": len(found[FIRST]),
        "mean_r_all_moving_mediapipe": _rounded(mean_over_all(found[SECOND])),
        "moving_mediapipe": len(found[SECOND]),
        "scored_share": _rounded(scored_share(one.ours, plain)),
        "hands_frames": len(hidden),
        "hands_scored_share": _rounded(scored_share(one.ours, hidden)),
        "action_units": _units(found[FIRST]),
        "action_units_mediapipe": _units(found[SECOND]),
        "not_scored": [au for au, r in found[FIRST].items() if r is None],
    }


def not_smiling(ours: Table, frames: Iterable[int] = CRYING) -> float:
    """Share 0-1 of the frames whose AU12 is under B; one without a number counts as not under it."""
    wanted = list(frames)
    return sum(ours.get(frame, {}).get(12, math.inf) < PRESENT_FROM for frame in wanted) / len(wanted)


def false_alarms(ours: Table, theirs: Table) -> dict[int, float]:
    """Of every AU but the eye codes: share 0-1 of quiet frames that have it at B or above.

    A frame is quiet where all AUs of the other system but AU45 are under B; those count in which ours has a
    number.
    """
    quiet = [
        frame
        for frame, row in theirs.items()
        if all(value < PRESENT_FROM for au, value in row.items() if au != 45)
    ]
    shares = {}
    for au in AU_NUMBERS:
        values = [ours[frame][au] for frame in quiet if au in ours.get(frame, {})]
        if au not in EYE_CODES and values:
            shares[au] = float(np.mean([value >= PRESENT_FROM for value in values]))
    return shares


def _units(found: Mapping[int, float | None]) -> dict[str, float]:
    return {str(au): _rounded(r) for au, r in found.items() if r is not None}


def _rounded(value: float) -> float:
    return round(value, 4)


def _present(path: Path) -> Path:
    if not path.is_file():
        raise TrainingError(f"There is no {path}.")
    return path
