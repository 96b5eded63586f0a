"""The pages of a report as pictures, by `pdftoppm` of poppler-utils, with their titles and words."""

import shutil
import subprocess
from itertools import dropwhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np
from pypdf import PdfReader
from pypdf.generic import Destination

from analysis.engine.types import U8
from reports.domain.site.specimen import CONTINUED

TOOL = "pdftoppm"
HEIGHT, SMALL_HEIGHT = 1500, 180
"""Pixels: of a page to be read, and of one in a strip."""
APPENDIX_PAGES = 2
"""The appendix has one line a frame: two pages show what all of them are like."""
_QUALITY = 75
_TIMEOUT = 120.0


class ToolMissingError(Exception):
    """`pdftoppm` is not on this machine, or did not draw."""


def pages(report: Path, folder: Path) -> list[dict[str, Any]]:
    """Draw the body and the appendix's beginning into `folder`; what each page is."""
    reader = PdfReader(report)
    titles = _titles(reader)
    shown = _appendix_start(reader) + APPENDIX_PAGES
    return [
        {
            **_pictures(picture, f"page-{number:02d}", folder),
            "title": title,
            "text": _words(reader.pages[number - 1].extract_text()),
        }
        for number, (picture, title) in enumerate(
            zip(drawn(report, HEIGHT, shown), titles, strict=False), start=1
        )
    ]


def tool() -> str:
    """Where it lies; raises ToolMissingError."""
    found = shutil.which(TOOL)
    if found is None:
        raise ToolMissingError(TOOL)
    return found


def drawn(document: Path, height: int, last: int) -> list[U8]:
    """The first pages of a PDF, each (height, width, 3) in the order of OpenCV; raises ToolMissingError."""
    with TemporaryDirectory(prefix="pages-") as name:
        size = ["-scale-to-y", str(height), "-scale-to-x", "-1"]
        command = [tool(), "-png", "-l", str(last), *size, str(document), str(Path(name) / "page")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
        if done.returncode:
            raise ToolMissingError(done.stderr.strip())
        return [_read(file) for file in sorted(Path(name).glob("*.png"))]


def save(picture: U8, target: Path) -> None:
    """As WebP."""
    if not cv2.imwrite(str(target), picture, [cv2.IMWRITE_WEBP_QUALITY, _QUALITY]):
        raise OSError(target)


def _read(file: Path) -> U8:
    picture = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if picture is None:
        raise ToolMissingError(file.name)
    return np.asarray(picture, np.uint8)


def _pictures(picture: U8, name: str, folder: Path) -> dict[str, Any]:
    height, width = picture.shape[:2]
    small_width = round(width * SMALL_HEIGHT / height)
    small = cv2.resize(picture, (small_width, SMALL_HEIGHT), interpolation=cv2.INTER_AREA)
    files = {"picture": f"{name}.webp", "small": f"{name}-small.webp"}
    save(picture, folder / files["picture"])
    save(np.asarray(small, np.uint8), folder / files["small"])
    return {
        **files,
        "width": width,
        "height": height,
        "small_width": small_width,
        "small_height": SMALL_HEIGHT,
    }


def _chapters(reader: PdfReader) -> list[tuple[int, str]]:
    """Page (from 0) and title of each chapter."""
    chapters = [entry for entry in reader.outline if isinstance(entry, Destination)]
    return [(reader.get_destination_page_number(entry) or 0, str(entry.title).strip()) for entry in chapters]


def _appendix_start(reader: PdfReader) -> int:
    """Pages before the last chapter, which is the appendix."""
    return _chapters(reader)[-1][0]


def _titles(reader: PdfReader) -> list[str]:
    """Of each page: the chapters that begin on it, or the one that goes on."""
    chapters = _chapters(reader)
    titles, current = [], "Cover"
    for page in range(len(reader.pages)):
        here = [title for start, title in chapters if start == page]
        titles.append("; ".join(here) if here or not page else f"{current}{CONTINUED}")
        current = here[-1] if here else current
    return ["Cover", *titles[1:]]


def _words(text: str) -> str:
    """Without the page numbers of the contents, which a PDF's text begins with."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(dropwhile(str.isdecimal, filter(None, lines)))
