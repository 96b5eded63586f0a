"""Telling moments of the demonstration recording: what was measured beside what the face was told to pose."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.domain.demonstration import FOLDER
from analysis.engine.action_units import ACTION_UNITS, PRESENT_FROM, ActionUnit, letter
from analysis.engine.findings.notation import lean
from analysis.engine.findings.reliability import Z
from reports.domain.frames import blocks
from reports.domain.site.specimen import Posed

TIMES = (7.2, 9.3, 10.9, 16.2)
"""Seconds, chosen in the script of the recording before anything was measured: both kinds of smile muscles at
their apex, brows raised on one side, brows drawn together, and brows, lids and jaw all at once."""
TRUTH = FOLDER / "demonstration.csv"
POSED_FROM = 1.0
"""Every unit that is posed so strongly is told, however it was measured."""
_FACE = ("frame", "time", "track", "face_x", "face_y", "face_w", "face_h")
_COLUMNS = [f"{unit.code}{suffix}" for unit in ACTION_UNITS for suffix in ("", "_left", "_right", "_spread")]
_DECIMALS = 3

Row = Mapping[str, float]
"""Columns of the frame table, or of the truth, in one frame; NaN where there is nothing."""


def moments(table: Path, track: int) -> list[dict[str, Any]]:
    """The facts of each of `TIMES`, without pictures, of one face of the frame table at `table`."""
    truth, rows = _truth(), _rows(table, [*_FACE, *_COLUMNS])
    own = {name: values[rows["track"] == track] for name, values in rows.items()}
    nearest = [int(np.abs(own["time"] - time).argmin()) for time in TIMES]
    measured = [{name: float(values[row]) for name, values in own.items()} for row in nearest]
    return [facts(row, truth[int(row["frame"])]) for row in measured]


def faces(table: Path) -> dict[int, Row]:
    """By frame: where the face is in the picture."""
    rows = _rows(table, _FACE)
    return {
        int(frame): {name: float(values[row]) for name, values in rows.items()}
        for row, frame in enumerate(rows["frame"])
    }


def facts(measured: Row, truth: Row) -> dict[str, Any]:
    """One moment: each unit that was posed or measured as present. Left out is none for how it came out."""
    told = [unit for unit in ACTION_UNITS if _told(unit, measured, truth)]
    scored = [unit for unit in told if math.isfinite(measured[unit.code])]
    return {
        "time": round(measured["time"], 3),
        "frame": int(measured["frame"]),
        "alt": _alt(truth),
        "units": [asdict(_posed(unit, measured, truth)) for unit in scored],
        "unscored": [unit.number for unit in told if unit not in scored],
    }


def _told(unit: ActionUnit, measured: Row, truth: Row) -> bool:
    return truth[unit.code] >= POSED_FROM or measured[unit.code] >= PRESENT_FROM


def _posed(unit: ActionUnit, measured: Row, truth: Row) -> Posed:
    side = _side(unit, truth if truth[unit.code] >= POSED_FROM else measured)
    column = unit.code if side == "both" else f"{unit.code}_{side}"
    value, reach = measured[column], Z * measured[f"{unit.code}_spread"]
    return Posed(
        au=unit.number,
        side=side,
        measured=round(value, _DECIMALS),
        low=round(max(0.0, value - reach), _DECIMALS),
        high=round(min(5.0, value + reach), _DECIMALS),
        letter=letter(value),
        posed=round(truth[column], _DECIMALS),
    )


def _side(unit: ActionUnit, row: Row) -> str:
    """By the rule that notation has for one frame."""
    if not unit.sided:
        return "both"
    left, right = (np.asarray(row[f"{unit.code}_{side}"], np.float32) for side in ("left", "right"))
    return {1: "left", -1: "right", 0: "both"}[int(lean(left, right))]


def _alt(truth: Row) -> str:
    posed = [unit for unit in ACTION_UNITS if truth[unit.code] >= POSED_FROM]
    sides = {unit: _side(unit, truth) for unit in posed}
    names = [f"AU{unit.number} {unit.name}{_on(sides[unit])}" for unit in posed]
    return f"The rendered head, posing {', '.join(names)}."


def _on(side: str) -> str:
    return "" if side == "both" else f" on its {side}"


def _truth() -> list[Row]:
    """By frame: what the recording's script posed."""
    with TRUTH.open(newline="", encoding="utf-8") as handle:
        return [{name: _number(cell) for name, cell in row.items()} for row in csv.DictReader(handle)]


def _number(cell: str) -> float:
    return float(cell) if cell else math.nan


def _rows(table: Path, columns: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """(n,) of each column, of all n rows."""
    parts = list(blocks(table, columns))
    return {name: np.concatenate([part[name] for part in parts]).astype(np.float64) for name in columns}
