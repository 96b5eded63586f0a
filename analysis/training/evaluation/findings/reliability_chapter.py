"""Fits the intervals on one set of recordings, tests them on the other, and says how they did."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from analysis.engine.findings.reliability import Fit
from analysis.training.evaluation.bars import Bar, verdict
from analysis.training.evaluation.findings import intervals, recordings, scripts
from analysis.training.evaluation.findings.chapters import Asked, Chapter
from analysis.training.evaluation.findings.intervals import FEWEST, POOLED, Held, Key, Pair
from analysis.training.evaluation.findings.scripts import Set
from analysis.training.evaluation.tables import markdown

TITLE = "Intervals that hold"
POOLED_INSIDE = (0.93, 0.97)
LEAST_INSIDE = 0.88
MOST_OF_CONSTANT = 0.9
"""Median width, as a share of the constant baseline's: clearly narrower."""
CALLED = {
    "au": "Action Units, means",
    "emotion": "Emotion states, scores",
    "signal": "Signals",
    "signal_point": "Signals, single seconds",
    "episode": "Emotion states, fits of episodes",
}
_PROSE = Path(__file__).with_name("intervals.txt")


@dataclass(frozen=True, slots=True)
class Reliability:
    """What was fitted, and how it did on other people."""

    people: int
    """Tested on, one a recording; as many others were fitted on."""
    without_face: int
    """Recordings of both sets in which no face was found."""
    fits: Mapping[Key, Fit]
    held: Mapping[Key, Held]
    unfitted: tuple[Key, ...]
    """What has too few cases in either set."""

    @property
    def complete(self) -> bool:
        """Whether every kind has a fit that was tested."""
        return all(self.of(kind) for kind in POOLED)

    def of(self, kind: str) -> dict[str, Held]:
        return {key: one for (found, key), one in self.held.items() if found == kind}


def measured(asked: Asked) -> Reliability:
    """TrainingError without the rig."""
    fit, test = (_pairs(which, asked) for which in Set)
    found = intervals.cases(fit)
    asked.say(f"fitting {len(found)} quantities\n")
    fits = intervals.fitted(found)
    baseline = {key: intervals.constant(found[key]) for key in fits}
    others = intervals.cases(test)
    held = intervals.judged(others, fits, baseline)
    missing = 2 * asked.recordings - len(fit) - len(test)
    unfitted = tuple(sorted({*found, *others} - set(held)))
    return Reliability(len(test), missing, fits, held, unfitted)


def _pairs(which: Set, asked: Asked) -> list[Pair]:
    orders = [scripts.order(which, number) for number in range(asked.recordings)]
    films = recordings.make(orders, asked.folder / "intervals", asked.workers)
    asked.say(f"{len(films)} recordings to {which.name.lower()} intervals\n")
    return intervals.pairs(films, recordings.measured(films, asked.networks, asked.weights, asked.workers))


def pooled(held: Mapping[str, Held]) -> Held:
    """All quantities of a kind as one."""
    ones = list(held.values())
    counts = np.array([one.cases for one in ones])
    return Held(
        cases=int(counts.sum()),
        inside=float(np.average([one.inside for one in ones], weights=counts)),
        widths=np.concatenate([one.widths for one in ones]),
        constant_inside=float(np.average([one.constant_inside for one in ones], weights=counts)),
        constant_widths=np.concatenate([one.constant_widths for one in ones]),
    )


def lowest(held: Mapping[str, Held]) -> tuple[str, Held]:
    """The quantity whose intervals hold least."""
    return min(held.items(), key=lambda one: one[1].inside)


def table(found: Reliability) -> dict[str, Any]:
    """What `reliability.json` says of the fits and of their test; the day is added by whoever writes it."""
    fits: dict[str, dict[str, dict[str, float]]] = {}
    for (kind, key), fit in found.fits.items():
        fits.setdefault(kind, {})[key] = asdict(fit)
    kinds = {kind: _facts(held) for kind in CALLED if (held := found.of(kind))}
    return {"fits": fits, "tested": {"recordings": found.people, "people": found.people, "kinds": kinds}}


def _facts(held: Mapping[str, Held]) -> dict[str, Any]:
    whole, (key, least) = pooled(held), lowest(held)
    return {
        "inside": round(whole.inside, 4),
        "lowest": {"key": key, "inside": round(least.inside, 4)},
        "width": round(float(np.median(whole.widths)), 4),
        "constant_width": round(float(np.median(whole.constant_widths)), 4),
    }


def bars(found: Reliability) -> tuple[Bar, ...]:
    """Of a kind that nothing was fitted of, one that does not hold."""
    return tuple(bar for kind in POOLED for bar in _bars(kind, found.of(kind)))


def _bars(kind: str, held: Mapping[str, Held]) -> list[Bar]:
    if not held:
        return [verdict(CALLED[kind], f"at least {FEWEST} cases of a quantity", "fewer", holds=False)]
    whole, (key, least) = pooled(held), lowest(held)
    low, high = POOLED_INSIDE
    width, flat = float(np.median(whole.widths)), float(np.median(whole.constant_widths))
    name = CALLED[kind]
    return [
        verdict(
            f"{name}: truths inside the 95 % interval, pooled",
            f"{low:.0%} to {high:.0%}",
            f"{whole.inside:.1%} of {whole.cases}",
            low <= whole.inside <= high,
        ),
        verdict(
            f"{name}: the quantity with fewest inside",
            f"at least {LEAST_INSIDE:.0%}",
            f"{least.inside:.1%} (`{key}`)",
            least.inside >= LEAST_INSIDE,
        ),
        verdict(
            f"{name}: median width beside a constant one",
            f"at most {MOST_OF_CONSTANT:.0%}",
            f"{width:.2f} beside {flat:.2f} ({width / flat:.0%})",
            width <= MOST_OF_CONSTANT * flat,
        ),
    ]


def chapter(found: Reliability) -> Chapter:
    return Chapter(TITLE, body(found), bars(found))


def body(found: Reliability) -> str:
    """The chapter below its heading."""
    rows = [_row(CALLED[kind], held) for kind in CALLED if (held := found.of(kind))]
    parts = [_what(found), markdown(_HEAD, rows)]
    for kind in POOLED:
        single = [(f"`{key}`", *_cells(one)) for key, one in _sorted(found.of(kind))]
        parts += [f"### {CALLED[kind]}", markdown(("Quantity", *_COLUMNS), single)]
    if found.unfitted:
        parts.append(
            "Not judged, for want of cases: "
            + ", ".join(f"{kind} `{key}`" for kind, key in found.unfitted)
            + "."
        )
    return "\n\n".join(parts)


_COLUMNS = ("Cases", "Inside", "Median width", "Constant: inside", "Its median width")
_HEAD = ("What", *_COLUMNS, "Fewest inside")


def _what(found: Reliability) -> str:
    missing = f" In {found.without_face} of all no face was found." if found.without_face else ""
    text = _PROSE.read_text(encoding="utf-8")
    filled = Template(text).substitute(seconds=f"{scripts.SECONDS:g}", people=found.people, missing=missing)
    return filled.strip()


def _row(name: str, held: Mapping[str, Held]) -> tuple[str, ...]:
    key, least = lowest(held)
    return (name, *_cells(pooled(held)), f"{least.inside:.1%} (`{key}`)")


def _cells(one: Held) -> tuple[str, ...]:
    widths = (float(np.median(values)) for values in (one.widths, one.constant_widths))
    width, flat = (f"{value:.2f}" for value in widths)
    return str(one.cases), f"{one.inside:.1%}", width, f"{one.constant_inside:.1%}", flat


def _sorted(held: Mapping[str, Held]) -> list[tuple[str, Held]]:
    """Action Units by number, the others by name."""
    return sorted(held.items(), key=lambda one: (int(one[0]) if one[0].isdigit() else 0, one[0]))
