"""The tables of docs/findings.md, made from the declared tables of the engine.

`python -m tests.support.findings_tables` writes them into the document; a test holds it to them.
"""

import re
from collections.abc import Iterator
from dataclasses import fields

from analysis.engine import cover, lids, neutral, quality, scoring
from analysis.engine.action_units import ACTION_UNITS, LETTER_THRESHOLDS
from analysis.engine.findings import (
    blinks,
    emotions,
    events,
    fading,
    fits,
    levels,
    motion,
    movements,
    notation,
    own_range,
    patterns,
    signal_table,
    signals,
    spans,
    summary,
    windows,
)
from analysis.engine.findings import quality as track_quality
from echodepth.env import BASE_DIR

DOCUMENT = BASE_DIR / "docs" / "findings.md"
BLOCK = re.compile(r"(<!-- table: (?P<name>[\w-]+) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)
COVER = {
    "differs": "distance of a point's colour, natural logarithm",
    "noisy": "the same, in lower quartiles of the row's distances; the larger of both counts",
    "turned": "degrees of turn at which twice the distance is needed",
    "upper": "share of the region's points",
    "mid": "share of the region's points",
    "lower": "share of the region's points",
    "held": "share for as long as it goes on",
    "eyes_apart": "percent of the face's longer side, mean over an eye's points",
    "eyes_held": "the same for as long as it goes on",
    "upper_alone": "share of the upper region, whatever the eyes",
    "fewest": "rows of a track under which nothing is compared",
}
NAMES = {au.number: au.name for au in ACTION_UNITS}


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def aus(numbers):
    return " ".join(f"AU{number}" for number in numbers)


def thresholds():
    names = [field.name for field in fields(quality.THRESHOLDS)]
    return table(("threshold", "value"), [(name, f"{getattr(quality.THRESHOLDS, name):g}") for name in names])


def cover_thresholds():
    names = [field.name for field in fields(cover.THRESHOLDS)]
    rows = [(name, f"{getattr(cover.THRESHOLDS, name):g}", COVER[name]) for name in names]
    return table(("threshold", "value", "of"), rows)


def population():
    return table(
        ("measure", "mean", "deviation"), [(name, *values) for name, values in neutral.POPULATION.items()]
    )


def letters():
    return table(("letter", "from"), [(name, low) for name, low in reversed(LETTER_THRESHOLDS)])


def prototypes():
    rows = [
        (
            one.key,
            one.code.replace("/L", " or L"),
            " ".join(map(str, one.usual)),
            " ".join(map(str, one.against)),
            one.source,
        )
        for one in patterns.PATTERNS
    ]
    return table(("state", "combination", "usual", "against", "source"), rows)


def components(key):
    rows = [
        (
            rule.key,
            rule.kind.value,
            aus(rule.aus),
            f"{rule.direction * rule.weight:+g}",
            f"{rule.floor:g} to {rule.full:g}" if rule.aus else "",
            f"{rule.cap:g}",
            rule.source,
        )
        for rule in signal_table.SIGNALS[key]
    ]
    return table(("component", "kind", "Action Units", "weight", "intensity", "cap", "source"), rows)


def constants():
    rows = [
        ("AU45 against AU43: longest blink", f"{lids.BLINK_SECONDS:g} s"),
        ("eye opening gone that counts as open, closed", f"{lids.OPEN:g}, {lids.CLOSED:g}"),
        ("share of an Action Unit's skin in view from which a side is measured", f"{scoring.VISIBLE_FROM:g}"),
        ("event: begins and ends at, must reach", f"{notation.TRACE:g}, {events.PRESENT_FROM:g}"),
        ("event at its height: share of its peak", f"{events.FULL_SHARE:g}"),
        (
            "possible brief display: shorter than, frames, from a frame rate of",
            f"{events.BRIEF_SECONDS:g} s, {events.BRIEF_ROWS}, {events.BRIEF_RATE:g}",
        ),
        ("one eye ahead of the other: a wink from", f"{lids.WINK_SECONDS:g} s"),
        (
            "rate of blinks: eyes seen for, frame rate from",
            f"{blinks.ENOUGH_SECONDS:g} s, {blinks.LOWEST_RATE:g}",
        ),
        (
            "way of a nod or shake: from, middle half within, ways in a row",
            f"{movements.LEG:g} degrees, {movements.LEG_SECONDS:g} s, {movements.LEGS}",
        ),
        (
            "gaze aversion: begins and ends at, must reach, lasts at least",
            f"{motion.NEAR:g}, {movements.AWAY_FROM:g} degrees, {movements.AWAY_SECONDS:g} s",
        ),
        (
            "own range: share of the scored time at or below it, carried over from",
            f"{own_range.UPPER:g}, {own_range.CARRIED_FROM:g} s",
        ),
        ("longest gap inside an event or episode", f"{spans.LONGEST_GAP:g} s"),
        (
            "one-sided: sides differ by, weaker side at most",
            f"{notation.UNEVEN:g}, {notation.WEAKER:.2f} of the stronger",
        ),
        ("one-sided with the weaker side under A: sides differ by", f"{notation.UNEVEN_ALONE:g}"),
        (
            "episode: begins and ends at fit, must reach, lasts at least",
            f"{emotions.HOLDS:g}, {emotions.SHOWN:g}, {emotions.SHORTEST:g} s",
        ),
        ("share of a pattern's parts that must be scorable", f"{patterns.SCORABLE_SHARE:g}"),
        ("fit: a part is full from, unless a letter says less", f"{patterns.FULL:g}"),
        ("fit: leniency of the harmonic mean", f"{fits.LENIENCY:g}"),
        ("fit: share that hangs on usual AUs, that AUs against take", f"{fits.USUAL:g}, {fits.AGAINST:g}"),
        (
            "episode's fit: share that hangs on timing, half lost at, rise looked for in",
            f"{emotions.TIMING:g}, {emotions.APART:g} s, {emotions.LOOK_BACK:g} s",
        ),
        ("episode's interval: changes of the fit within", f"{emotions.ABOUT:g} s of the best frame"),
        ("signal: window, scored share of it", f"{windows.WINDOW} s, {windows.COVERED:g}"),
        (
            "signal: least half interval of a face that shows nothing, none left from",
            f"{signals.LEAST:g}, {signals.ENOUGH:g} points",
        ),
        (
            "smile that fades slowly: not at all from, fully from",
            "{:g}, {:g} s".format(*signal_table.FADE_SECONDS),
        ),
        ("its fall is timed between these shares of the peak", f"{fading.HIGH:g}, {fading.LOW:g}"),
        ("signal: standard deviation of levels of head and eyes, where not 0", f"{levels.MOTION_SPREAD:g}"),
        ("share of an AU's spread that a mean keeps", f"{summary.SHARED:g}"),
        (
            "scored time under which no signal and no emotion's score is given",
            f"{track_quality.ENOUGH_SECONDS:g} s",
        ),
        ("nods and shakes: none under, full from", f"{motion.STILL:g}, {motion.FULL:g} degrees"),
        ("looking away: from, fully from", f"{motion.NEAR:g}, {motion.AWAY:g} degrees"),
    ]
    return table(("constant", "value"), rows)


TABLES = {
    "thresholds": thresholds,
    "cover": cover_thresholds,
    "population": population,
    "letters": letters,
    "prototypes": prototypes,
    "trust": lambda: components("trust"),
    "credibility": lambda: components("credibility"),
    "resistance": lambda: components("resistance"),
    "constants": constants,
}


def written(text):
    """The document with its tables made anew."""
    return BLOCK.sub(lambda block: f"{block[1]}{TABLES[block['name']]()}{block[4]}", text)


def tables_in(text) -> Iterator[str]:
    return (block["name"] for block in BLOCK.finditer(text))


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
