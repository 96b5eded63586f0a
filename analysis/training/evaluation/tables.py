"""The card's figures as Markdown tables: what the terminal shows and the page holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.engine.action_units import ACTION_UNITS
from analysis.engine.model_card import REASONS, Grade, grade
from analysis.training.evaluation.bars import LEAST_APART, MOST_TIMES_THE_WHOLE, figure
from analysis.training.evaluation.scores import COLUMNS, cells

Card = Mapping[str, Any]
Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Words:
    """What codes are called."""

    reasons: Mapping[str, Any]
    """Ends of sentences that name the AU."""
    bands: Mapping[str, Any]
    circumstances: Mapping[str, Any]


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def bars(card: Card) -> str:
    """What must be reached, what is, and whether it holds."""
    rows = [
        (bar["name"], bar["bar"], bar["measured"], "yes" if bar["holds"] else "**no**")
        for bar in card["accuracy"]["bars"]
    ]
    rows += [
        (bar["name"], bar["bar"], f"not measured here: {bar['why']}", "not known")
        for bar in card["accuracy"]["not_measured"]
    ]
    return markdown(("What", "Bar", "Measured", "Holds"), rows)


def grades(card: Card) -> dict[Grade, list[int]]:
    """AUs by synthetic grade; every grade is there."""
    found: dict[Grade, list[int]] = {one: [] for one in Grade}
    for au, figures in card["accuracy"]["synthetic"]["action_units"].items():
        found[grade(figures["icc"])].append(int(au))
    return found


def counts(card: Card) -> str:
    """How many AUs have each synthetic grade, and which."""
    meaning = {
        Grade.A: "ICC(3,1) from 0.75",
        Grade.B: "from 0.60",
        Grade.C: "from 0.40",
        Grade.D: "below; shown apart, feeds no finding",
    }
    rows = [
        (f"{one} (synthetic)", meaning[one], str(len(units)), ", ".join(map(str, units)) or "none")
        for one, units in grades(card).items()
    ]
    return markdown(("Grade", "Meaning", "AUs", "Which"), rows)


def evidence(card: Card) -> str:
    """Every AU's two columns of evidence: its synthetic grade, and agreement on real people."""
    figures, clips = card["accuracy"]["synthetic"]["action_units"], card["accuracy"]["real"]["clips"]
    head = ("AU", "Name", "Grade (synthetic)", *(f"Real: r, {name}" for name in clips))
    rows = []
    for unit in ACTION_UNITS:
        number = str(unit.number)
        real = [clip["action_units"].get(number) for clip in clips.values()]
        agreement = ["none" if r is None else f"{r:.2f}" for r in real]
        rows.append((number, unit.name, str(grade(figures[number]["icc"])), *agreement))
    return markdown(head, rows)


def action_units(card: Card) -> str:
    """Every AU's figures on rendered people."""
    return _scores(card["accuracy"]["synthetic"]["action_units"], "Frames")


def sides(card: Card) -> str:
    """Left and right apart, each side a case."""
    return _scores(card["accuracy"]["synthetic"]["sides"], "Sides")


def _scores(figures: Mapping[str, Any], cases: str) -> str:
    rows = [
        (str(unit.number), unit.name, str(one["cases"]), str(one["present"]), *cells(one))
        for unit in ACTION_UNITS
        if (one := figures.get(str(unit.number)))
    ]
    return markdown(("AU", "Name", cases, "At B or above", *COLUMNS), rows)


def bands(card: Card, words: Words) -> str:
    """Means over the AUs of grade A to C, by circumstance."""
    rows = [
        (str(words.bands[kind]), str(words.circumstances[name]), str(band["frames"]), *_means(band))
        for kind, groups in card["accuracy"]["synthetic"]["bands"].items()
        for name, band in groups.items()
    ]
    return markdown(
        ("What", "Band", "Frames", "ICC(3,1)", "r", "MAE", "F1", "skew F1", "in 95 % interval"), rows
    )


def _means(band: Figures) -> list[str]:
    plain = [f"{band[name]:.2f}" for name in ("icc", "r", "mae", "f1", "skew_f1")]
    return [*plain, f"{band['inside']:.0%}"]


def twins(card: Card, words: Words) -> str:
    """The same people but for one thing, group by group; what is outside a bar in bold."""
    rows = []
    for kind, found in card["accuracy"]["fairness"]["kinds"].items():
        rows += [
            (str(words.bands[kind]), str(words.circumstances[group]), *_twins(one))
            for group, one in found["groups"].items()
        ]
        apart = [
            _bold(figure(points, LEAST_APART, 1), points >= LEAST_APART) for points in found["apart"].values()
        ]
        rows.append((str(words.bands[kind]), "most apart", "", "", "", "", *apart))
    return markdown(_TWINS, rows)


_TWINS = (
    "What differs",
    "Group",
    "Frames",
    "Units with a number",
    "AU error",
    "In shares of all twins' (95 % interval)",
    "Trust",
    "Credibility",
    "Resistance",
)


def _twins(one: Mapping[str, Any]) -> list[str]:
    ratio = _bold(figure(one["ratio"], MOST_TIMES_THE_WHOLE), one["ratio"] > MOST_TIMES_THE_WHOLE)
    return [
        str(one["frames"]),
        f"{one['scored_share']:.0%}",
        f"{one['error']:.3f}",
        f"{ratio} ({one['ratio_low']:.2f} to {one['ratio_high']:.2f})",
        *(f"{value:.1f}" for value in one["signals"].values()),
    ]


def _bold(text: str, bold: bool) -> str:
    return f"**{text}**" if bold else text


def timed(card: Card) -> str:
    """How many of the shown closings of the lids are found."""
    names = {str(unit.number): unit.name for unit in ACTION_UNITS}
    events = card["accuracy"]["synthetic"]["timed"]["events"]
    rows = [(au, names[au], str(one["shown"]), str(one["found"])) for au, one in events.items()]
    return markdown(("AU", "Name", "Shown", "Found at B or above"), rows)


def calm(card: Card) -> str:
    """What is found on rendered people who show nothing."""
    rows = []
    for kind, films in card["accuracy"]["synthetic"]["calm"].items():
        au, most = max(films["false_alarms"].items(), key=lambda item: item[1])
        worst = f"{most:.1%} of frames (AU{au})" if most else "no AU in any frame"
        rows.append((_CALM[kind], str(films["people"]), str(films["frames"]), worst))
    return markdown(("While", "People", "Frames", "At B or above, eye codes apart, at most"), rows)


_CALM = {"light": "the light changes", "turns": "the head turns and nods"}


def clips(card: Card) -> str:
    """Agreement on recordings of real people."""
    head = (
        "Clip",
        "Frames",
        "Mean r with OpenFace (moving AUs)",
        "Mean r with MediaPipe (moving AUs)",
        "Frames scored",
        "With hands over the face",
    )
    rows = [
        (
            name,
            str(clip["frames"]),
            f"{clip['mean_r_all_moving']:.2f} ({clip['moving']})",
            f"{clip['mean_r_all_moving_mediapipe']:.2f} ({clip['moving_mediapipe']})",
            f"{clip['scored_share']:.0%}",
            f"{clip['hands_scored_share']:.0%} of {clip['hands_frames']}" if clip["hands_frames"] else "none",
        )
        for name, clip in card["accuracy"]["real"]["clips"].items()
    ]
    return markdown(head, rows)


def weak(card: Card, words: Words) -> str:
    """Every AU of grade D, and why it is hard."""
    figures = card["accuracy"]["synthetic"]["action_units"]
    names = {unit.number: unit.name for unit in ACTION_UNITS}
    rows = [
        (str(au), names[au], f"{figures[str(au)]['icc']:.2f}", str(words.reasons[REASONS[au].value]))
        for au in grades(card)[Grade.D]
    ]
    return markdown(("AU", "Name", "ICC(3,1)", "Why"), rows) if rows else "No AU is of grade D."


def terminal(card: Card, words: Words) -> str:
    """All tables, each under its name."""
    parts = {"Evidence": evidence(card), "Grades": counts(card), "Rendered people": action_units(card)}
    parts |= {"Sides": sides(card), "Bands": bands(card, words), "Lids": timed(card)}
    parts |= {"People who show nothing": calm(card)}
    if card["accuracy"].get("fairness"):
        parts["Twins"] = twins(card, words)
    parts |= {"Grade D": weak(card, words), "Recordings": clips(card), "Bars": bars(card)}
    return "\n\n".join(f"{name}\n\n{table}" for name, table in parts.items()) + "\n"
