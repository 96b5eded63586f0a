"""Displays of AU12, by whether AU6 went with them.

AU12 with AU6 is called a Duchenne display. It describes the face: it occurs about as often in posed smiles
as in spontaneous ones (Krumhuber & Manstead 2009) and can be shown at will (Gunnery, Hall & Ruben 2013).
"""

import numpy as np

from analysis.engine.action_units import AU_INDEX, PRESENT_FROM
from analysis.engine.finding_types import Event, Smile, Smiles
from analysis.engine.types import F32, F64, AUSeries

CHEEKS, MOUTH = 6, 12


def find_smiles(
    events: tuple[Event, ...], series: AUSeries, time: F64, weak: frozenset[int] = frozenset()
) -> tuple[Smile, ...]:
    """Every event of AU12 in a track's events, in order; `time` (n,) is that of the series' rows.

    Empty where AU12 is weak. Where AU6 is weak nothing is said of it.
    """
    if MOUTH in weak:
        return ()
    cheeks = None if CHEEKS in weak else np.asarray(series.intensity[AU_INDEX[CHEEKS]])
    left, right = (np.asarray(side[AU_INDEX[MOUTH]]) for side in (series.left, series.right))
    return tuple(_smile(event, cheeks, left, right, time) for event in events if event.au == MOUTH)


def _smile(event: Event, cheeks: F32 | None, left: F32, right: F32, time: F64) -> Smile:
    full_from = event.onset if event.full_from is None else event.full_from
    full_to = event.offset if event.full_to is None else event.full_to
    first = int(np.searchsorted(time, full_from))
    full = slice(first, max(first + 1, int(np.searchsorted(time, full_to, side="right"))))
    raised = None if cheeks is None else _mean(cheeks[full])
    return Smile(
        side=event.side,
        onset=event.onset,
        apex=event.apex,
        offset=event.offset,
        peak=event.peak,
        onset_seconds=full_from - event.onset if event.onset_velocity else None,
        offset_seconds=event.offset - full_to if event.offset_velocity else None,
        cheeks=raised,
        duchenne=raised is not None and raised >= PRESENT_FROM,
        asymmetry=_asymmetry(_mean(left[full]), _mean(right[full])),
    )


def _mean(values: F32) -> float | None:
    seen = values[np.isfinite(values)]
    return float(seen.mean()) if len(seen) else None


def _asymmetry(left: float | None, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    return (left - right) / max(left + right, PRESENT_FROM)


def count_smiles(smiles: tuple[Smile, ...], weak: frozenset[int] = frozenset()) -> Smiles | None:
    """None where AU6 or AU12 is weak: a count would be a guess."""
    if weak & {CHEEKS, MOUTH}:
        return None
    return Smiles(
        duchenne=sum(smile.duchenne for smile in smiles),
        without_au6=sum(not smile.duchenne for smile in smiles),
        duchenne_seconds=_seconds(smiles, duchenne=True),
        without_au6_seconds=_seconds(smiles, duchenne=False),
    )


def _seconds(smiles: tuple[Smile, ...], *, duchenne: bool) -> float:
    return float(sum(smile.offset - smile.onset for smile in smiles if smile.duchenne is duchenne))
