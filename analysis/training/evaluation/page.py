"""`docs/model-card.md`, written from the card alone; its prose stands in `model-card.txt`."""

from collections.abc import Mapping
from pathlib import Path
from string import Template
from textwrap import fill
from typing import Any

from analysis.engine.model_card import Grade
from analysis.training.evaluation import tables
from analysis.training.evaluation.tables import Card, Words, markdown

PAGE = Path(__file__).resolve().parents[3] / "docs" / "model-card.md"
_WIDTH = 118
"""Columns of a paragraph that is written here."""
_TEMPLATE = Path(__file__).with_name("model-card.txt")


def page(card: Card, words: Words) -> str:
    """The whole page as Markdown; KeyError where the card lacks a part."""
    template = Template(_TEMPLATE.read_text(encoding="utf-8"))
    return template.substitute(
        name=card["name"],
        version=card["version"],
        measured=card["accuracy"]["measured"],
        glance=_glance(card),
        **_training(card),
        **_composition(card),
        **_rendered(card, words),
        twins=_twins(card, words),
        **_recordings(card),
        **_held(card),
        **_files(card),
    )


def _glance(card: Card) -> str:
    units, clips = tables.grades(card), card["accuracy"]["real"]["clips"]
    held = [bar["holds"] for bar in card["accuracy"]["bars"]]
    real = "; ".join(f"{name} {clip['mean_r_all_moving']:.2f}" for name, clip in clips.items())
    people = card["accuracy"]["synthetic"]["people"]
    rows = [
        ("Action Units", "44, measured wherever they can be seen"),
        ("Grades (synthetic)", ", ".join(f"{len(found)} {grade}" for grade, found in units.items())),
        ("Mean r with OpenFace on real people, all moving AUs", real or "not measured yet"),
        ("Bars that hold", f"{sum(held)} of {len(held)} ([which](#bars))"),
        ("Trained on", f"{card['training']['people']} rendered people"),
        ("Measured on", f"{people} other rendered people, {len(clips)} clips of real people"),
    ]
    return markdown(("At a glance", ""), rows)


def _training(card: Card) -> dict[str, str]:
    training = card["training"]
    data = training["data"]
    rows = [
        ("People", str(training["people"])),
        ("Frames", f"{training['frames']}, up to {data['frames_a_person']} a person"),
        ("Seed of the data", str(data["seed"])),
        ("Sets", str(data["sets"])),
        ("Command", f"`{training['command']}`"),
        *_members(training),
    ]
    return {"training": markdown(("Training set", ""), rows)}


def _members(training: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a joined model was joined of."""
    return [
        (f"Member {number}", f"{one['people']} people, {one['frames']} frames: `{one['command']}`")
        for number, one in enumerate(training.get("members", ()), start=1)
    ]


def _composition(card: Card) -> dict[str, str]:
    found = card["composition"]
    tones = [str(number) for number in found["tone"].values()]
    looks = {
        "Lines at rest (no age in years)": found["lines"],
        "Hair and head": found["head"],
        "Iris": found["eyes"],
        "Worn or grown": found["worn"],
    }
    pose = card["accuracy"]["synthetic"]["bands"]["pose"]
    frames = sum(band["frames"] for band in pose.values())
    turned = [f"{name} degrees in {band['frames'] / frames:.0%}" for name, band in pose.items()]
    return {
        "tones": markdown(("Monk skin tone", *found["tone"]), [("People", *tones)]),
        "looks": markdown(("Looks", "Share of people"), [(name, _shares(s)) for name, s in looks.items()]),
        "coefficients": str(found["shape"]["coefficients"]),
        "deviation": str(found["shape"]["standard_deviation"]),
        "turned": ", ".join(turned),
    }


def _shares(found: Mapping[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {share:.0%}" for name, share in found.items())


def _rendered(card: Card, words: Words) -> dict[str, str]:
    found, units = card["accuracy"]["synthetic"], tables.grades(card)
    seen, films = found["visibility"], found["timed"]
    return {
        "good": str(len(units[Grade.A]) + len(units[Grade.B])),
        "weak": str(len(units[Grade.D])),
        "people": str(found["people"]),
        "frames": str(found["frames"]),
        "films": str(films["films"]),
        "film_frames": str(films["frames"]),
        "rendered_command": found["command"],
        "action_units": tables.action_units(card),
        "evidence": tables.evidence(card),
        "grades": tables.counts(card),
        "bands": tables.bands(card, words),
        "hidden": str(seen["hidden"]),
        "hidden_silent": f"{seen['hidden_not_printed']:.0%}",
        "in_view": str(seen["in_view"]),
        "view_silent": f"{seen['in_view_not_printed']:.0%}",
        "sides": tables.sides(card),
        "timed": tables.timed(card),
        "calm": tables.calm(card),
        "weak_units": tables.weak(card, words),
    }


def _twins(card: Card, words: Words) -> str:
    found = card["accuracy"].get("fairness")
    if not found:
        return "Not measured yet."
    counted = (
        f"{found['people']} people, {found['films']} films, {found['frames']} frames. The error of all twins "
        f"is {found['error']:.3f} points, over {found['action_units']} Action Units of grade A to C. Signals "
        f"are those of table version {found['signal_table']}."
    )
    missed = [
        bar for bar in card["accuracy"]["bars"] if bar["name"].startswith("twins, ") and not bar["holds"]
    ]
    named = "; ".join(f"{bar['name'].removeprefix('twins, ')}: {bar['measured']}" for bar in missed)
    said = f"**Outside the bars:** {named}." if missed else "Every group is within the bars."
    return "\n\n".join(
        (f"    {found['command']}", fill(counted, _WIDTH), tables.twins(card, words), fill(said, _WIDTH))
    )


def _recordings(card: Card) -> dict[str, str]:
    real = card["accuracy"]["real"]
    table = f"    {real['command']}\n\n{tables.clips(card)}" if real["clips"] else "Not measured yet."
    return {"clips_count": str(len(real["clips"])), "recordings": table}


def _held(card: Card) -> dict[str, str]:
    missed = [bar["name"] for bar in card["accuracy"]["bars"] if not bar["holds"]]
    said = (
        f"**{len(missed)} do not hold:** {'; '.join(missed)}." if missed else "All that were measured hold."
    )
    return {"bars": tables.bars(card), "missed": said}


def _files(card: Card) -> dict[str, str]:
    rows = [
        (f"`{name}`", f"{file['bytes']:,}", f"`{file['sha256']}`") for name, file in card["files"].items()
    ]
    return {"files": markdown(("File", "Bytes", "SHA-256"), rows)}
