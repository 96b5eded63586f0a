"""The report's typefaces come with packages, so that a page looks the same on every machine."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

SANS, SANS_STRONG, MONO = "EchoSans", "EchoSans-SemiBold", "EchoMono"
_FILES: dict[str, Path] = {
    SANS: Path(str(files("font_source_sans_pro"))) / "files/SourceSansPro-Regular.ttf",
    SANS_STRONG: Path(str(files("font_source_sans_pro"))) / "files/SourceSansPro-Semibold.ttf",
    MONO: Path(str(files("fontpkg_ibm_plex_mono"))) / "files/IBMPlexMono-Regular.ttf",
}
_FACES = ((SANS, "normal", SANS), (SANS, "600", SANS_STRONG), (MONO, "normal", MONO))
"""Family and weight in the style sheet, and which file that is."""


@cache
def register() -> None:
    """Make the typefaces known to reportlab under their names here."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(file)))


def font_faces() -> str:
    """CSS that makes the typefaces known to the style sheet."""
    return "\n".join(
        f'@font-face {{ font-family: {family}; font-weight: {weight}; src: url("{_FILES[file].as_uri()}"); }}'
        for family, weight, file in _FACES
    )
