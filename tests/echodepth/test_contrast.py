"""The tokens' contrast, computed as WCAG 2.2 defines it."""

import re

import pytest

from echodepth.env import BASE_DIR

TOKENS = (BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = TOKENS.split("@media", 1)

GROUNDS = ("--bg", "--surface", "--sunken")
TEXT = [(ink, ground) for ink in ("--ink", "--ink-2", "--ink-3", "--accent", "--bad") for ground in GROUNDS]
TEXT += [
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-strong"),
    ("--accent-strong", "--accent-soft"),
    ("--good", "--good-soft"),
    ("--warn", "--warn-soft"),
    ("--bad", "--bad-soft"),
    ("--bad-strong", "--bad-soft"),
    ("--bar-ink", "--bar"),
    ("--bar-ink-2", "--bar"),
    ("--chart-axis", "--surface"),
]
SHAPES = [
    (shape, ground)
    for shape in (
        "--line-strong",
        "--mark",
        "--good",
        "--warn",
        "--series-trust",
        "--series-credibility",
        "--series-resistance",
        "--group-upper",
        "--group-mid",
        "--group-eye",
        "--group-lower",
    )
    for ground in ("--bg", "--surface")
]
SHAPES += [("--bar-mark", "--bar")]


def colours(css):
    return dict(re.findall(r"(--[a-z0-9-]+): (#[0-9a-f]{6});", css))


MODES = {"light": colours(LIGHT), "dark": colours(LIGHT) | colours(DARK)}


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (SHAPES, 3.0)], ids=["text", "shapes"])
def test_what_stands_on_a_ground_can_be_seen(mode, pairs, least):
    values = MODES[mode]
    found = {pair: round(contrast(values[pair[0]], values[pair[1]]), 2) for pair in pairs}

    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_both_modes_define_their_own_colours():
    assert len(colours(DARK)) > 25
    assert colours(DARK).keys() <= colours(LIGHT).keys()
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
