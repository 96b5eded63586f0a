"""All measurements of findings, and the page and the table of fits that are written from them."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from analysis.engine.findings import patterns, reliability, signal_table
from analysis.engine.model_card import ModelCard
from analysis.training.errors import TrainingError
from analysis.training.evaluation.bars import Bar
from analysis.training.evaluation.findings import events, reliability_chapter, states
from analysis.training.evaluation.findings.chapters import Asked, Chapter
from analysis.training.evaluation.tables import markdown

PAGE = Path(__file__).resolve().parents[4] / "docs" / "findings-accuracy.md"
_TEMPLATE = Path(__file__).with_name("findings-accuracy.txt")


@dataclass(frozen=True, slots=True)
class Report:
    chapters: tuple[Chapter, ...]
    table: dict[str, Any]
    """What `reliability.json` is to hold."""
    complete: bool
    """Whether every kind of interval was fitted and tested: only then is there something to write."""

    @property
    def bars(self) -> list[Bar]:
        return [bar for chapter in self.chapters for bar in chapter.bars]


def measured(asked: Asked) -> Report:
    """Fit and test the intervals, then judge events and states with them; TrainingError without the rig."""
    found = reliability_chapter.measured(asked)
    card = ModelCard.load(asked.weights)
    day = dt.datetime.now(dt.UTC).date().isoformat()
    table = reliability_chapter.table(found)
    table["tested"] |= {"day": day, "model": card.label}
    with reliability.using(found.fits):
        chapters = (reliability_chapter.chapter(found), events.chapter(asked), states.chapter(asked))
    return Report(chapters, table, found.complete)


def terminal(report: Report) -> str:
    """Every chapter, then what had to be reached."""
    parts = [f"{chapter.title}\n\n{chapter.body}" for chapter in report.chapters]
    return "\n\n".join([*parts, f"Bars\n\n{bars(report.bars)}"]) + "\n"


def bars(found: Sequence[Bar]) -> str:
    rows = [(bar["name"], bar["bar"], bar["measured"], "yes" if bar["holds"] else "**no**") for bar in found]
    return markdown(("What", "Bar", "Measured", "Holds"), rows)


def page(report: Report, command: str) -> str:
    """The whole page as Markdown."""
    tested = report.table["tested"]
    missed = [bar["name"] for bar in report.bars if not bar["holds"]]
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        day=tested["day"],
        model=tested["model"],
        patterns=patterns.VERSION,
        signals=signal_table.VERSION,
        command=command,
        bars=bars(report.bars),
        missed=f"**{len(missed)} do not hold:** {'; '.join(missed)}." if missed else "All hold.",
        chapters="\n\n".join(f"## {chapter.title}\n\n{chapter.body}" for chapter in report.chapters),
    )


def write(report: Report, command: str) -> None:
    """The table that the engine reads, and the page; TrainingError where kinds of interval are missing."""
    if not report.complete:
        raise TrainingError("Too few recordings to fit every kind of interval: nothing is written.")
    text = json.dumps(report.table, indent=1, sort_keys=True)
    reliability.FILE.write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(page(report, command), encoding="utf-8")
