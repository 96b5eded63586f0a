"""The picture that is shown with a link to the public site: 1200 x 630, one measured moment on it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from reports.domain.site.specimen import CARD, CARD_SIZE, Moment
from reports.domain.site.specimen_pages import drawn
from reports.pdf.fonts import font_faces

STYLE = Path(__file__).with_suffix(".css")


def write_card(moment: Moment, folder: Path) -> Path:
    """Into `folder`, where the moment's picture lies; raises ToolMissingError."""
    with TemporaryDirectory(prefix="card-") as name:
        page = Path(name) / "card.pdf"
        _lay_out(moment, folder, page)
        (picture,) = drawn(page, CARD_SIZE[1], 1)
    target = folder / CARD
    if not cv2.imwrite(str(target), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9]):
        raise OSError(target)
    return target


def _lay_out(moment: Moment, folder: Path, target: Path) -> None:
    """As a page; nothing but the moment's picture and the typefaces is read for it."""
    files, fonts = URLFetcher(allowed_protocols=("file",), fail_on_errors=True), FontConfiguration()
    text = render_to_string("site/specimen/card.html", {"moment": moment})
    faces = CSS(string=font_faces(), font_config=fonts, url_fetcher=files)
    style = CSS(filename=str(STYLE), font_config=fonts, url_fetcher=files)
    page = HTML(string=text, base_url=f"{folder.absolute().as_uri()}/", url_fetcher=files)
    page.write_pdf(str(target), font_config=fonts, stylesheets=[faces, style])
