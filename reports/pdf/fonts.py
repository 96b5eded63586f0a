"""The report's typefaces lie beside it, so that a page looks the same on every machine."""

from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parent / "fonts"
SANS, SANS_STRONG, MONO = "EchoSans", "EchoSans-SemiBold", "EchoMono"
_FILES = {
    SANS: "IBMPlexSans-Regular.ttf",
    SANS_STRONG: "IBMPlexSans-SemiBold.ttf",
    MONO: "IBMPlexMono-Regular.ttf",
}


@cache
def register() -> None:
    """Make the typefaces known to reportlab under their names here."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(FOLDER / file)))
