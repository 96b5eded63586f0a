"""Events, smiles, blinks and movements of rendered recordings against those of the rig's own Action Units.

Both are found by the same formulas. A measured event is right where it overlaps an event of the same Action
Unit that was shown; each counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analysis.engine.action_units import AU_NUMBERS
from analysis.engine.finding_types import Event, Movement, Smile, TrackResult
from analysis.engine.findings.blinks import BLINK
from analysis.engine.model_card import Grade, ModelCard
from analysis.engine.types import F64
from analysis.training.evaluation.bars import Bar, verdict
from analysis.training.evaluation.findings import event_scripts, recordings, truth
from analysis.training.evaluation.findings.chapters import Asked, Chapter
from analysis.training.evaluation.tables import markdown

TITLE = "Events and movements"
RECORDINGS = 40
LEAST_F1 = 0.85
MOST_LATE = 0.08
"""Seconds, median error of the onsets."""
MOVEMENTS = ("nod", "shake", "gaze_aversion")
_CALLED = {"nod": "Nods", "shake": "Shakes of the head", "gaze_aversion": "Gaze aversions"}


class Stretch(Protocol):
    """What may overlap."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...


@dataclass(frozen=True, slots=True)
class _During:
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was shown, found, and both, with the errors of its times in what is right."""

    shown: int
    found: int
    onset: F64
    """(hits,) seconds, measured less true."""
    offset: F64

    @property
    def hits(self) -> int:
        return len(self.onset)

    @property
    def f1(self) -> float:
        """NaN where it was neither shown nor found."""
        both = self.shown + self.found
        return 2 * self.hits / both if both else float("nan")


@dataclass(frozen=True, slots=True)
class Judged:
    events: dict[int, Tally]
    """By AU, all 44."""
    movements: dict[str, Tally]
    smiles: tuple[tuple[Smile, Smile], ...]
    """Shown and measured, of what is right."""
    brief: tuple[int, int, int]
    """Possible brief displays shown, marked, and both."""
    blinks: tuple[tuple[int, int], ...]
    """Shown and counted in each recording."""


def chapter(asked: Asked) -> Chapter:
    """TrainingError without the rig."""
    orders = [event_scripts.order(number) for number in range(RECORDINGS)]
    films = recordings.make(orders, asked.folder / "events", asked.workers)
    asked.say(f"{len(films)} recordings of events\n")
    found = recordings.measured(films, asked.networks, asked.weights, asked.workers)
    card = ModelCard.load(asked.weights)
    grades = {au: card.evidence[au].grade for au in AU_NUMBERS}
    seen = judged([(truth.result(film), one.result) for film, one in zip(films, found, strict=True)])
    return Chapter(TITLE, body(seen, grades), bars(seen, grades))


def judged(pairs: Sequence[tuple[TrackResult, TrackResult]]) -> Judged:
    """What is true and what was measured, of each recording."""
    events = [matched(true.events, found.events) for true, found in pairs]
    hits = [pair for one in events for pair in one]
    return Judged(
        events={au: _events(au, pairs, hits) for au in AU_NUMBERS},
        movements={kind: _movements(kind, pairs) for kind in MOVEMENTS},
        smiles=tuple(pair for true, found in pairs for pair in _smiles(true, found)),
        brief=(
            sum(event.brief for true, _ in pairs for event in true.events),
            sum(event.brief for _, found in pairs for event in found.events),
            sum(shown.brief and event.brief for shown, event in hits),
        ),
        blinks=tuple(
            (true.blinks.count, found.blinks.count) for true, found in pairs if true.blinks and found.blinks
        ),
    )


def matched(shown: Sequence[Event], found: Sequence[Event]) -> list[tuple[Event, Event]]:
    """Pairs of the same AU that overlap, those that overlap longest first; each event in one pair at most."""
    pairs = []
    for au in sorted({event.au for event in shown}):
        mine, theirs = ([event for event in events if event.au == au] for events in (shown, found))
        spans = [[_During(event.onset, event.offset) for event in events] for events in (mine, theirs)]
        pairs += [(mine[i], theirs[j]) for i, j in overlapping(*spans)]
    return pairs


def overlapping(shown: Sequence[Stretch], found: Sequence[Stretch]) -> list[tuple[int, int]]:
    """Places of pairs that overlap, each in one pair at most, the longest overlap first."""
    shared = [
        (min(one.end, other.end) - max(one.start, other.start), i, j)
        for i, one in enumerate(shown)
        for j, other in enumerate(found)
    ]
    pairs: list[tuple[int, int]] = []
    for seconds, i, j in sorted(shared, key=lambda one: (-one[0], one[1:])):
        if seconds > 0 and all(i != mine and j != theirs for mine, theirs in pairs):
            pairs.append((i, j))
    return pairs


def _events(
    au: int, pairs: Sequence[tuple[TrackResult, TrackResult]], hits: Sequence[tuple[Event, Event]]
) -> Tally:
    mine = [(shown, found) for shown, found in hits if shown.au == au]
    return Tally(
        shown=sum(event.au == au for true, _ in pairs for event in true.events),
        found=sum(event.au == au for _, found in pairs for event in found.events),
        onset=np.array([found.onset - shown.onset for shown, found in mine], np.float64),
        offset=np.array([found.offset - shown.offset for shown, found in mine], np.float64),
    )


def _movements(kind: str, pairs: Sequence[tuple[TrackResult, TrackResult]]) -> Tally:
    hits: list[tuple[Movement, Movement]] = []
    shown = found = 0
    for true, measured in pairs:
        mine, theirs = ([one for one in result.movements if one.kind == kind] for result in (true, measured))
        shown, found = shown + len(mine), found + len(theirs)
        hits += [(mine[i], theirs[j]) for i, j in overlapping(mine, theirs)]
    return Tally(
        shown,
        found,
        onset=np.array([other.start - one.start for one, other in hits], np.float64),
        offset=np.array([other.end - one.end for one, other in hits], np.float64),
    )


def _smiles(true: TrackResult, found: TrackResult) -> list[tuple[Smile, Smile]]:
    spans = [
        [_During(smile.onset, smile.offset) for smile in result.smile_displays] for result in (true, found)
    ]
    return [(true.smile_displays[i], found.smile_displays[j]) for i, j in overlapping(*spans)]


def pooled(tallies: Sequence[Tally]) -> Tally:
    none = np.zeros(0)
    return Tally(
        shown=sum(one.shown for one in tallies),
        found=sum(one.found for one in tallies),
        onset=np.concatenate([none, *(one.onset for one in tallies)]),
        offset=np.concatenate([none, *(one.offset for one in tallies)]),
    )


def of_grade_a(judged: Judged, grades: dict[int, Grade]) -> Tally:
    return pooled([tally for au, tally in judged.events.items() if grades[au] is Grade.A])


def bars(judged: Judged, grades: dict[int, Grade]) -> tuple[Bar, ...]:
    """What the issue of this measurement asks."""
    best = of_grade_a(judged, grades)
    late = float(np.median(np.abs(best.onset))) if best.hits else float("inf")
    return (
        verdict(
            "Events at B or above, Action Units of grade A: F1",
            f"at least {LEAST_F1:g}",
            f"{best.f1:.2f}",
            best.f1 >= LEAST_F1,
        ),
        verdict(
            f"The same: median error of the onset at {float(event_scripts.FPS):g} frames a second",
            f"under {1000 * MOST_LATE:.0f} ms",
            f"{1000 * late:.0f} ms",
            late < MOST_LATE,
        ),
    )


def body(judged: Judged, grades: dict[int, Grade]) -> str:
    """The chapter below its heading."""
    parts = (_what(), _table(judged, grades), _others(judged), _movement_table(judged), _rest(judged))
    return "\n\n".join(part for part in parts if part)


def _what() -> str:
    seconds, fps = event_scripts.SECONDS, float(event_scripts.FPS)
    return (
        f"{RECORDINGS} recordings of {seconds:g} s at {fps:g} frames a second, each of another person "
        "(`evaluation/findings/event_scripts.py`): displays from under B to E at their own times in brows, "
        "middle of the face and mouth. Shown and found are events by the same rules, of the rig's own "
        "Action Units and of the measured ones; right is what overlaps. A display near B is soon an event "
        "for one and none for the other. Errors of onset and offset are measured less true: the median, and "
        "of their size the median and the 90th percentile."
    )


def _table(judged: Judged, grades: dict[int, Grade]) -> str:
    shown = sorted(
        (au for au, tally in judged.events.items() if tally.shown or tally.found),
        key=lambda au: (grades[au].value, au),
    )
    rows = [(f"AU{au}", grades[au].value, *_cells(judged.events[au])) for au in shown]
    whole = {
        grade.value: pooled([judged.events[au] for au in shown if grades[au] is grade]) for grade in Grade
    }
    rows += [(f"**All of {name}**", name, *_cells(tally)) for name, tally in whole.items() if tally.shown]
    unlike = pooled([judged.events[au] for au in shown if grades[au] is Grade.A and au != BLINK])
    rows.append(("**All of A but blinks**", Grade.A.value, *_cells(unlike)))
    return markdown(("Action Unit", "Grade", *_HEAD), rows)


_HEAD = ("Shown", "Found", "Right", "F1", "Onset, ms", "its size", "90 %", "Offset, ms", "its size", "90 %")


def _cells(tally: Tally) -> tuple[str, ...]:
    f1 = f"{tally.f1:.2f}" if np.isfinite(tally.f1) else ""
    times = [cell for errors in (tally.onset, tally.offset) for cell in _milliseconds(errors)]
    return (str(tally.shown), str(tally.found), str(tally.hits), f1, *times)


def _milliseconds(errors: F64) -> tuple[str, str, str]:
    """Median; median and 90th percentile of the size."""
    if not len(errors):
        return "", "", ""
    sizes = np.abs(errors)
    found = (np.median(errors), np.median(sizes), np.quantile(sizes, 0.9))
    return f"{1000 * found[0]:+.0f}", f"{1000 * found[1]:.0f}", f"{1000 * found[2]:.0f}"


def _others(judged: Judged) -> str:
    shown, marked, both = judged.brief
    said = f"Possible brief displays (under 0.5 s): {shown} shown, {marked} marked, {both} of them right."
    if not judged.blinks:
        return said
    known, counted = (sum(counts) for counts in zip(*judged.blinks, strict=True))
    off = np.mean([abs(one - other) for one, other in judged.blinks])
    return f"{said} Blinks: {known} shown, {counted} counted, off by {off:.1f} a recording in the mean."


def _movement_table(judged: Judged) -> str:
    rows = [(_CALLED[kind], *_cells(tally)) for kind, tally in judged.movements.items()]
    return markdown(("Movement", *_HEAD), rows)


def _rest(judged: Judged) -> str:
    """What is told of smiles that are found."""
    if not judged.smiles:
        return ""
    told = [(true, found) for true, found in judged.smiles if found.cheeks is not None]
    alike = sum(true.duchenne is found.duchenne for true, found in told)
    falls = np.array(
        [
            found.offset_seconds - true.offset_seconds
            for true, found in judged.smiles
            if true.offset_seconds is not None and found.offset_seconds is not None
        ]
    )
    cheeks = f"with or without AU6 is told rightly of {alike} of {len(told)}; " if told else ""
    late = f"{1000 * np.median(np.abs(falls)):.0f} ms" if len(falls) else "not known"
    return f"Of {len(judged.smiles)} smiles found, {cheeks}the median error of how long they fall is {late}."
