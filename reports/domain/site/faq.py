"""Questions that buyers ask, and their answers: plain text, once, for the page and for machines.

Figures are filled in from the model's card, the tables and the settings. An answer whose figures were not
measured says so instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse

from accounts.domain.retention import limits
from accounts.domain.staff import MINUTES
from accounts.enums import DataClass
from analysis.engine.findings.cohorts import shipped
from analysis.engine.probe import Limits
from analysis.engine.quality import THRESHOLDS
from reports.domain.model_page import ModelPage
from reports.domain.questions import CohortCounts, IntervalsTested, Questions
from reports.domain.samples.working_days import PROMISED
from reports.domain.site.faq_texts import GROUPS, SAMPLE, UNMEASURED, Entry

SECONDS_AN_HOUR = 3600
GIGABYTE = 1e9


class Link(NamedTuple):
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer filled in."""

    key: str
    question: str
    paragraphs: tuple[str, ...]
    links: tuple[Link, ...]

    @property
    def text(self) -> str:
        """The answer in one piece."""
        return " ".join(self.paragraphs)


class Group(NamedTuple):
    key: str
    title: str
    answers: tuple[Answered, ...]


def groups(page: ModelPage, *, takes_samples: bool = True) -> tuple[Group, ...]:
    """All of them, for the model of the page; without the one on samples where none are taken."""
    figures = _figures(page, Questions.shipped(page))
    return tuple(
        Group(
            key,
            title,
            tuple(_answered(entry, figures) for entry in entries if takes_samples or entry.key != SAMPLE),
        )
        for key, title, entries in GROUPS
    )


def structured(found: tuple[Group, ...]) -> dict[str, Any]:
    """The same questions and answers as schema.org's FAQPage."""
    asked = [answer for group in found for answer in group.answers]
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": one.question,
                "acceptedAnswer": {"@type": "Answer", "text": one.text},
            }
            for one in asked
        ],
    }


def _answered(entry: Entry, figures: Mapping[str, object]) -> Answered:
    lines = [_filled(line, figures) for line in entry.paragraphs]
    links = tuple(Link(_address(page), label) for page, label in entry.more)
    return Answered(entry.key, entry.question, tuple(lines), links)


def _address(page: str) -> str:
    """Of a page by its name, such as `science`, or of a part of it: `science#cues`."""
    name, mark, part = page.partition("#")
    return f"{reverse(name)}{mark}{part}"


def _filled(line: str, figures: Mapping[str, object]) -> str:
    """The line with its figures; where one is None, what is said instead of it."""
    missing = next((key for key in UNMEASURED if f"{{{key}" in line and figures.get(key) is None), None)
    return UNMEASURED[missing] if missing else line.format_map(figures)


def _figures(page: ModelPage, questions: Questions) -> dict[str, object]:
    return {
        **_of_the_model(page),
        **_of_people(questions),
        **_of_intervals(questions.intervals),
        **_of_cohorts(questions.cohorts),
        **_of_limits(),
    }


def _of_the_model(page: ModelPage) -> dict[str, object]:
    measured = page.measured
    return {
        "frames": f"{measured.frames:,}",
        "people": measured.people,
        "units": measured.units,
        "good": measured.good,
        "fair": measured.fair,
        "weak": len(measured.weak),
        "trained_people": f"{page.trained_people:,}",
        "trained_frames": f"{page.trained_frames:,}",
        "clips": len(measured.clips) or None,
        "lowest_r": f"{measured.lowest.mean_r:.2f}" if measured.lowest else None,
        "highest_r": f"{measured.highest.mean_r:.2f}" if measured.highest else None,
    }


def _of_people(questions: Questions) -> dict[str, object]:
    fairness = questions.fairness
    if fairness is None:
        return {"twins": None}
    worst = fairness.worst[1].ratio
    return {
        "twins": fairness.people,
        "worst": f"{worst.value:.2f}",
        "worst_low": f"{worst.low:.2f}",
        "worst_high": f"{worst.high:.2f}",
        "widest": f"{fairness.widest:.1f}",
    }


def _of_intervals(tested: IntervalsTested | None) -> dict[str, object]:
    if tested is None:
        return {"interval_recordings": None}
    held = {f"inside_{kind.kind}": f"{kind.inside * 100:.1f} %" for kind in tested.kinds}
    return {"interval_recordings": tested.recordings, "interval_people": tested.people, **held}


def _of_cohorts(counts: CohortCounts) -> dict[str, object]:
    return {
        "cohorts": counts.cohorts,
        "countries": counts.countries,
        "cohorts_measured": counts.measured,
        "studies": len(shipped().studies),
    }


def _of_limits() -> dict[str, object]:
    media = limits.of(DataClass.MEDIA)
    return {
        "media_days": media.days,
        "findings_days": limits.of(DataClass.FINDINGS).days,
        "most_days": f"{media.most:,}",
        "backup_days": settings.BACKUP_DAYS,
        "assigning_days": settings.ASSIGNING_DAYS,
        "staff_hours": max(MINUTES) // 60,
        "working_days": PROMISED,
        "hours": f"{settings.MAX_SECONDS / SECONDS_AN_HOUR:g}",
        "gigabytes": f"{settings.MAX_UPLOAD_BYTES / GIGABYTE:g}",
        "side": Limits().max_side,
        "yaw": f"{THRESHOLDS.yaw:g}",
        "pitch": f"{THRESHOLDS.pitch:g}",
        "width": f"{THRESHOLDS.width:g}",
    }
