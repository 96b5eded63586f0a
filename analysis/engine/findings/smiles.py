"""Displays of AU12, by whether AU6 went with them.

AU12 with AU6 is called a Duchenne display. It describes the face: it occurs about as often in posed smiles
as in spontaneous ones (Krumhuber & Manstead 2009) and can be shown at will (Gunnery, Hall & Ruben 2013).
"""

import numpy as np

from analysis.engine.action_units import AU_INDEX, PRESENT_FROM
from analysis.engine.finding_types import Event, Smiles
from analysis.engine.types import I32, AUSeries

_NEEDED = frozenset({6, 12})


def count_smiles(
    events: tuple[Event, ...], series: AUSeries, frame: I32, weak: frozenset[int] = frozenset()
) -> Smiles | None:
    """From a track's events; AU6 is looked at in the frame of AU12's apex, where it must reach B.

    None where AU6 or AU12 is weak: a count would be a guess.
    """
    if weak & _NEEDED:
        return None
    cheek = series.intensity[AU_INDEX[6]]
    smiles = [event for event in events if event.au == 12]
    apexes = np.searchsorted(frame, [event.apex_frame for event in smiles])
    with_cheek = [bool(cheek[row] >= PRESENT_FROM) for row in apexes.tolist()]
    return Smiles(
        duchenne=sum(with_cheek),
        without_au6=len(smiles) - sum(with_cheek),
        duchenne_seconds=_seconds(smiles, with_cheek, wanted=True),
        without_au6_seconds=_seconds(smiles, with_cheek, wanted=False),
    )


def _seconds(smiles: list[Event], with_cheek: list[bool], *, wanted: bool) -> float:
    pairs = zip(smiles, with_cheek, strict=True)
    return float(sum(event.offset - event.onset for event, cheek in pairs if cheek is wanted))
