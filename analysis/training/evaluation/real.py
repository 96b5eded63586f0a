"""Agreement with two other systems on recordings of real people, through the whole analysis."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.engine.action_units import AU_NUMBERS, PRESENT_FROM
from analysis.engine.runtime import Models
from analysis.training.errors import TrainingError
from analysis.training.evaluation.agreement import Skip, Table, compare, mean_over_all, read, scored_share
from analysis.training.evaluation.exported import export

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
    crying: range = range(0)
    """Frames of weeping that both other systems call a smile."""


CLIPS = (
    Clip(
        "woman-sad-to-smile",
        "woman-sad-to-smile.mp4",
        (Skip(20, 60, frozenset({10, 12})),),
        range(100, 216),
        range(20, 61),
    ),
    Clip("single-face", "single-face.mp4"),
    Clip("gaze-and-head-turns", "gaze-and-head-turns.avi"),
)


IN_VIEW = 0.8
"""Share of the frames of tears in which AU12 must have a number: hiding a smile is no way to show none."""


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
            export(_present(clips / clip.file), models).table(),
            {system: read(_present(references / f"{clip.name}.{system}.csv")) for system in (FIRST, SECOND)},
        )
        for clip in CLIPS
    ]


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
        "not_smiling": _rounded(not_smiling(one.ours, one.clip.crying)) if one.clip.crying else None,
        "false_alarms": {str(au): _rounded(share) for au, share in false_alarms(one.ours, first).items()},
        "not_scored": [au for au, r in found[FIRST].items() if r is None],
    }


def not_smiling(ours: Table, frames: Iterable[int]) -> float:
    """Share 0-1 of the frames with AU12 in view that have it under B; 0 where it is in view in too few."""
    wanted = list(frames)
    shown = [ours[frame][12] for frame in wanted if 12 in ours.get(frame, {})]
    if len(shown) < IN_VIEW * len(wanted):
        return 0.0
    return sum(value < PRESENT_FROM for value in shown) / len(shown)


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
