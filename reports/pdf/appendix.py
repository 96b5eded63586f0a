"""The audit appendix: every row of the frame table as one line of fixed columns.

Lines are first laid into a text file, so that the number of pages is known before the first
is drawn, and memory does not grow with the recording. One line of the file is one line of
print, with a first character that says what it is.
"""

from collections.abc import Iterable, Iterator
from itertools import count, islice
from math import isnan
from pathlib import Path
from typing import TextIO

import numpy as np
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from analysis.engine.action_units import ACTION_UNITS, AU_INDEX
from analysis.engine.findings.notation import facs_code
from analysis.engine.types import F32, NO_TRACK
from reports.domain.frames import Block
from reports.labels import words
from reports.pdf.fonts import MONO, SANS_STRONG
from reports.pdf.furniture import INK, MARGIN, MUTED, PAGE_HEIGHT, PAGE_WIDTH, Furniture, artifact, new_canvas
from reports.pdf.tags import PARAGRAPH

COLUMNS = (
    "frame", "time", "track", "face_confidence", "yaw", "pitch", "roll", "excluded",
    *(unit.code for unit in ACTION_UNITS),
    *(f"{unit.code}_{side}" for unit in ACTION_UNITS for side in ("left", "right")),
)  # fmt: skip
"""What a block must carry."""

SIZE, LEADING = 6.6, 8.35
TOP = PAGE_HEIGHT - 74
LINES_A_PAGE = 84
PART_PAGES = 200
"""Pages drawn into one file: what the drawing library holds in memory at once."""

_CODE_WIDTH = 74
"""Characters that fit behind the columns."""
_INDENT = " " * 53
_SCORED, _EXCLUDED = "s", "x"
_BAND = HexColor(0xF3F6F7)


def lay_out(blocks: Iterable[Block], target: TextIO, weak: frozenset[int] = frozenset()) -> int:
    """Write the lines of all rows into `target`, codes without `weak` AUs; how many pages they fill."""
    lines = 0
    for block in blocks:
        for line in _block_lines(block, weak):
            target.write(line + "\n")
            lines += 1
    return max(1, -(-lines // LINES_A_PAGE))


def draw(laid: TextIO, folder: Path, first_page: int, furniture: Furniture) -> Iterator[Path]:
    """Draw the laid lines into files of at most `PART_PAGES` pages, one after the other, in page order."""
    pages = _pages(laid)
    page = first_page
    for part in count():
        batch = list(islice(pages, PART_PAGES))
        if not batch:
            return
        path = folder / f"appendix-{part:05d}.pdf"
        canvas = new_canvas(str(path))
        for lines in batch:
            _draw_page(canvas, lines, page, furniture)
            page += 1
        canvas.save()
        yield path


def timestamp(seconds: float) -> str:
    """m:ss.mmm, or h:mm:ss.mmm from an hour on."""
    whole = round(seconds * 1000)
    minutes, rest = divmod(whole, 60_000)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 1000:02d}.{rest % 1000:03d}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def _stack(block: Block, suffix: str, weak: frozenset[int]) -> F32:
    """(44, n), NaN where not scored or weak."""
    values = np.stack([np.asarray(block[f"{unit.code}{suffix}"], np.float32) for unit in ACTION_UNITS])
    values[[AU_INDEX[au] for au in weak]] = np.nan
    return values


def _block_lines(block: Block, weak: frozenset[int]) -> Iterator[str]:
    intensity, left, right = (_stack(block, suffix, weak) for suffix in ("", "_left", "_right"))
    excluded = [str(code) for code in block["excluded"]]
    for row, (columns, reason) in enumerate(zip(_columns(block), excluded, strict=True)):
        if reason:
            yield f"{_EXCLUDED}{columns}{words('exclusion', reason)}"
            continue
        code = facs_code(intensity[:, row], left[:, row], right[:, row]) or "\N{EN DASH}"
        first, *more = wrapped(code, _CODE_WIDTH)
        yield f"{_SCORED}{columns}{first}"
        yield from (f"{_SCORED}{_INDENT}{line}" for line in more)


def _columns(block: Block) -> Iterator[str]:
    """The fixed part of each row; without a face there is only frame and time."""
    names = ("frame", "time", "track", "face_confidence", "yaw", "pitch", "roll")
    for frame, time, track, confidence, *pose in zip(*(block[name].tolist() for name in names), strict=True):
        start = f"{frame:>7}{timestamp(time):>12}"
        if track == NO_TRACK:
            yield start + _INDENT[len(start) :]
        else:
            angles = "".join(f"{round(angle, 1) + 0.0:>7.1f}" for angle in pose)
            seen = f"{start}{track:>5}"
            # Of a face that is withheld there is no measurement, not even where it looks.
            yield seen + (_INDENT[len(seen) :] if isnan(confidence) else f"{confidence:>6.2f}{angles}  ")


def wrapped(code: str, width: int) -> list[str]:
    """A FACS code in lines of at most `width` characters, broken behind a plus sign."""
    lines = [""]
    for part in code.replace("+", "+\n").split("\n"):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return lines


def _pages(laid: TextIO) -> Iterator[list[str]]:
    """Lines page by page; one empty page where the table has no row."""
    lines = list(islice(laid, LINES_A_PAGE))
    yield lines
    while lines := list(islice(laid, LINES_A_PAGE)):
        yield lines


def _head_line() -> str:
    names = (
        (_("Frame"), 7), (_("Time"), 12), (_("Track"), 6), (_("Conf."), 6), (_("Yaw"), 6), (_("Pitch"), 7),
        (_("Roll"), 7),
    )  # fmt: skip
    return (
        "".join(f"{name:>{width}}" for name, width in names) + "  " + _("FACS code, or reason for exclusion")
    )


def _draw_page(canvas: Canvas, lines: list[str], page: int, furniture: Furniture) -> None:
    furniture.draw(canvas, page)
    _bands(canvas, len(lines))
    canvas.addLiteral(PARAGRAPH)
    canvas.setFillColor(INK)
    canvas.setFont(SANS_STRONG, 9)
    canvas.drawString(MARGIN, TOP + 13, _("Appendix: every frame"))
    words_ = canvas.beginText(MARGIN, TOP)
    words_.setFont(MONO, SIZE, LEADING)
    words_.setFillColor(MUTED)
    words_.textLine(_head_line())
    colour = MUTED
    for line in lines:
        wanted = INK if line[0] == _SCORED else MUTED
        if wanted != colour:
            words_.setFillColor(wanted)
            colour = wanted
        words_.textLine(line[1:].rstrip("\n"))
    canvas.drawText(words_)
    canvas.addLiteral("EMC")
    canvas.showPage()


def _bands(canvas: Canvas, lines: int) -> None:
    """A light band behind every other five lines leads the eye across."""
    with artifact(canvas):
        canvas.setFillColor(_BAND)
        for first in range(5, lines, 10):
            height = min(5, lines - first) * LEADING
            bottom = TOP - (first + 1) * LEADING - height + SIZE * 0.82
            canvas.rect(MARGIN - 4, bottom, PAGE_WIDTH - 2 * MARGIN + 8, height, stroke=0, fill=1)
