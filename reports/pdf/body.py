"""The report's body: pages of text, tables and charts, laid out by WeasyPrint."""

from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from reports.domain.report_data import ReportData
from reports.pdf.fonts import font_faces

STYLES = [Path(__file__).parent / name for name in ("report.css", "figures.css")]
"""In the order in which they apply."""


def write_body(data: ReportData, target: Path) -> int:
    """Lay the body out into `target`; the number of its pages.

    The page itself may fetch nothing; the style sheets only the typefaces.
    """
    html = HTML(string=body_html(data), url_fetcher=URLFetcher(allowed_protocols=()))
    fonts = FontConfiguration()
    files = URLFetcher(allowed_protocols=("file",), fail_on_errors=True)
    faces = CSS(string=font_faces(), font_config=fonts, url_fetcher=files)
    styles = [CSS(filename=str(style), font_config=fonts, url_fetcher=files) for style in STYLES]
    document = html.render(font_config=fonts, stylesheets=[faces, *styles], pdf_tags=True)
    identifier = data.media.sha256[:32].encode("ascii")
    document.write_pdf(str(target), pdf_tags=True, pdf_identifier=identifier)
    return len(document.pages)


def body_html(data: ReportData) -> str:
    return render_to_string(
        "reports/pdf/report.html", {"data": data, "LANGUAGE_CODE": translation.get_language() or "en"}
    )
