"""The whole PDF of a report."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports.domain.frames import Block
from reports.domain.report_data import RecordingFacts, ReportData
from reports.enums import ReviewState
from reports.pdf import appendix
from reports.pdf.assemble import join, write_furniture
from reports.pdf.body import write_body
from reports.pdf.furniture import Furniture


def render_pdf(data: ReportData, blocks: Iterable[Block], target: Path) -> int:
    """Write the PDF to `target`; the number of its pages.

    `blocks` are the frame table's rows in order, each with `appendix.COLUMNS`. The same data and rows
    give the same bytes on one machine.
    """
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        folder = Path(name)
        with (folder / "lines.txt").open("w+", encoding="utf-8") as laid:
            appendix_pages = appendix.lay_out(blocks, laid, data.weak)
            body_pages = write_body(data, folder / "body.pdf")
            pages = body_pages + appendix_pages
            furniture = Furniture(
                data.facts.title,
                data.identifier,
                pages,
                standing=_standing(data.facts),
                draft=data.facts.signature is None,
            )
            overlay = write_furniture(body_pages, furniture, folder / "overlay.pdf")
            laid.seek(0)
            parts = appendix.draw(laid, folder, body_pages + 1, furniture)
            title = _("Facial Action Unit report: %(title)s") % {"title": data.facts.title}
            join(folder / "body.pdf", overlay, parts, title, target)
    return pages


def _standing(facts: RecordingFacts) -> str:
    """What stands on every page of who signed the report."""
    signed = facts.signature
    if signed is None:
        return str(ReviewState.DRAFT.label)
    when = signed.signed_at.astimezone(ZoneInfo(facts.time_zone))
    told = {"name": signed.name, "when": date_format(when, "j F Y, H:i"), "zone": facts.time_zone}
    return _("Reviewed and signed by %(name)s on %(when)s (%(zone)s)") % told
