"""What stands on every page outside the text: whose report it is, who signed it, and the page's number."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from reports.pdf.fonts import MONO, SANS, SANS_STRONG, register
from reports.statement import STATEMENT

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
"""A4 in points."""
MARGIN = 45.0
INK = HexColor(0x0D2230)
MUTED = HexColor(0x566A76)
LINE = HexColor(0xD3DDE2)
ALARM = HexColor(0xA8321E)
_HEAD_Y, _FOOT_Y = PAGE_HEIGHT - 34, 26


@dataclass(frozen=True, slots=True)
class Furniture:
    title: str
    identifier: str
    pages: int
    standing: str
    """Who signed the report and when, or that it is a draft."""
    draft: bool

    def draw(self, canvas: Canvas, page: int) -> None:
        """Head and foot of page number `page` (from 1), marked as no part of the text."""
        with artifact(canvas):
            canvas.setFillColor(MUTED)
            if page > 1:
                self._head(canvas)
            self._standing(canvas)
            canvas.setFont(SANS, 7.5)
            canvas.drawString(MARGIN, _FOOT_Y, str(STATEMENT))
            words = _("Page %(page)d of %(pages)d") % {"page": page, "pages": self.pages}
            canvas.drawRightString(PAGE_WIDTH - MARGIN, _FOOT_Y, words)

    def _standing(self, canvas: Canvas) -> None:
        canvas.setFillColor(ALARM if self.draft else INK)
        size = 9 if self.draft else 7.5
        canvas.setFont(SANS_STRONG, size)
        words = _shortened(self.standing, PAGE_WIDTH - 2 * MARGIN, SANS_STRONG, size)
        canvas.drawString(MARGIN, _FOOT_Y + 10, words)
        canvas.setFillColor(MUTED)

    def _head(self, canvas: Canvas) -> None:
        canvas.setFont(SANS, 7.5)
        canvas.drawString(MARGIN, _HEAD_Y, _shortened(self.title, 300))
        canvas.setFont(MONO, 7)
        canvas.drawRightString(PAGE_WIDTH - MARGIN, _HEAD_Y, self.identifier)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN, _HEAD_Y - 6, PAGE_WIDTH - MARGIN, _HEAD_Y - 6)


@contextmanager
def artifact(canvas: Canvas) -> Iterator[None]:
    """What is drawn inside is decoration to a reading program."""
    canvas.addLiteral("/Artifact BMC")
    try:
        yield
    finally:
        canvas.addLiteral("EMC")


def new_canvas(target: str) -> Canvas:
    """An A4 canvas whose file depends on nothing but what is drawn."""
    register()
    options: dict[str, Any] = {"invariant": 1, "pageCompression": 1, "initialFontName": SANS}
    return Canvas(target, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), **options)


def _shortened(words: str, width: float, font: str = SANS, size: float = 7.5) -> str:
    while stringWidth(words, font, size) > width:
        words = words[:-2].rstrip() + "…"
    return words
