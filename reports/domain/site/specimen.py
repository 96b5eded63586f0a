"""The sample report that is shipped: of the demonstration recording, whose person is rendered.

`manage.py write_specimen` makes it; everything here is read from what that wrote.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, Self

from django.conf import settings
from django.utils.translation import gettext as _

from analysis.engine.action_units import ACTION_UNITS, AU_INDEX, ActionUnit
from echodepth.errors import UserError

FOLDER = Path(settings.BASE_DIR) / "static" / "specimen"
FACTS, REPORT, RESULT, TABLE, CARD = (
    "specimen.json",
    "report.pdf",
    "result.json",
    "frames.parquet",
    "card.png",
)
CARD_SIZE = (1200, 630)
"""Width and height in pixels; what the places where links are shared ask for."""
CHAPTERS = (
    ("Cover", "Which recording it is, its checksum, and whether somebody has signed."),
    ("Summary", "What stood out, in sentences; what the report can say, and what it cannot."),
    ("Signals over time", "Three signals along the recording, each with its interval and what moved it."),
    ("Combinations of Action Units", "Published patterns of several movements, and when they were shown."),
    ("Smiles, blinks, head and eyes", "Displays that are counted and timed."),
    ("Action Units", "Each movement of the face: how often, how strong, on which side, how sure."),
    ("Quality and neutral", "What could be scored, what was left out and why; the face at rest."),
    ("Cultural calibration", "Which cohort was declared, if any, and on what evidence."),
    ("Method and limits", "How the numbers are made, and five questions to ask of them."),
    ("Versions and hashes", "What to name when somebody wants to check or repeat it."),
    ("How to read the appendix", "The notation of the lines that follow."),
    ("Appendix: every frame", "One line for each frame, with its own time."),
)
"""What each chapter of a report is for, in their order; the titles are those that stand in it."""
CONTINUED = ", continued"
"""Ends the title of a page on which no chapter begins."""
VERSION = 1
"""Of `specimen.json`."""


@dataclass(frozen=True, slots=True)
class Posed:
    """One Action Unit at one moment, measured and as the rendered face was told to pose it; all 0-5."""

    au: int
    side: str
    """`both`, or the side of the person's face the figures are of: `left`, `right`."""
    measured: float
    low: float
    high: float
    """Bounds of the 95 % interval of this one frame."""
    letter: str
    """FACS A-E of `measured`; empty below A."""
    posed: float

    @property
    def action_unit(self) -> ActionUnit:
        return ACTION_UNITS[AU_INDEX[self.au]]

    @property
    def inside(self) -> bool:
        """Whether the interval holds what was posed."""
        return self.low <= self.posed <= self.high


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame: the face cut out of its picture, and every Action Unit that was posed or found in it."""

    time: float
    """Seconds."""
    frame: int
    picture: str
    """Its file in `FOLDER`; so everywhere here."""
    width: int
    height: int
    alt: str
    units: tuple[Posed, ...]
    """In order of number."""
    unscored: tuple[int, ...]
    """Posed, and not scored in this frame."""

    @property
    def static(self) -> str:
        return _static(self.picture)

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        units = tuple(Posed(**unit) for unit in facts["units"])
        return cls(**{**facts, "units": units, "unscored": tuple(facts["unscored"])})


@dataclass(frozen=True, slots=True)
class Score:
    """A signal over the whole recording, 0-100, with its 95 % interval."""

    key: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the report as a picture, and its words for whoever does not see it."""

    picture: str
    width: int
    height: int
    small: str
    """The same for a strip of pages."""
    small_width: int
    small_height: int
    title: str
    """Of the chapters that begin on it, divided by semicolons, or of the one that goes on."""
    text: str

    @property
    def chapters(self) -> list[str]:
        """Those that begin here."""
        return [title for title in self.title.split("; ") if not title.endswith(CONTINUED)]

    @property
    def static(self) -> str:
        return _static(self.picture)

    @property
    def static_small(self) -> str:
        return _static(self.small)


@dataclass(frozen=True, slots=True)
class Specimen:
    command: str
    card_sha256: str
    """Of the card of the model that measured it."""
    recording_sha256: str
    frames: int
    duration: float
    """Seconds."""
    moments: tuple[Moment, ...]
    signals: tuple[Score, ...]
    pages: tuple[Page, ...]
    """Those that are shown: the body, and the appendix's first ones."""
    all_pages: int
    """Of the PDF."""
    pdf_bytes: int

    @property
    def shown_pages(self) -> int:
        return len(self.pages)

    def page_of(self, chapter: str) -> int:
        """Number, from 1, of the page on which a chapter begins; ValueError for one that none shows."""
        return [chapter in page.chapters for page in self.pages].index(True) + 1

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """From `specimen.json`; raises KeyError, TypeError or ValueError where it is of another version."""
        if facts["version"] != VERSION:
            raise ValueError(facts["version"])
        return cls(
            command=facts["command"],
            card_sha256=facts["card_sha256"],
            recording_sha256=facts["recording_sha256"],
            frames=facts["frames"],
            duration=facts["duration"],
            moments=tuple(Moment.of(one) for one in facts["moments"]),
            signals=tuple(Score(**one) for one in facts["signals"]),
            pages=_pages(facts["pages"]),
            all_pages=facts["all_pages"],
            pdf_bytes=facts["pdf_bytes"],
        )


def shipped() -> Specimen:
    """The specimen of this installation; UserError where its files are not there or not of this version."""
    with _there():
        return _read(FOLDER)


def report() -> IO[bytes]:
    """The whole report as PDF, open; UserError as of `shipped`."""
    with _there():
        return (FOLDER / REPORT).open("rb")


def report_sha256() -> str:
    """Of the PDF; UserError as of `shipped`."""
    with _there():
        return _sha256(FOLDER / REPORT)


@contextmanager
def _there() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            "specimen_missing", _("The sample report of this installation is not there."), 404
        ) from error


@cache
def _read(folder: Path) -> Specimen:
    return Specimen.of(json.loads((folder / FACTS).read_text(encoding="utf-8")))


@cache
def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _pages(told: Sequence[Mapping[str, Any]]) -> tuple[Page, ...]:
    """Raises ValueError where their chapters are not `CHAPTERS`, in that order."""
    pages = tuple(Page(**one) for one in told)
    begun = [title for page in pages for title in page.chapters]
    if begun != [title for title, _words in CHAPTERS]:
        raise ValueError(begun)
    return pages


def _static(name: str) -> str:
    """As the template tag `static` wants it."""
    return f"{FOLDER.name}/{name}"
