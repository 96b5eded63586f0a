"""One file from body and appendix: numbered pages, outline, title and language."""

from collections.abc import Iterable
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

from reports.pdf.furniture import Furniture, new_canvas
from reports.pdf.tags import tag_pages


def write_furniture(pages: int, furniture: Furniture, target: Path) -> Path:
    """Heads and feet for the body's pages, to be laid over them."""
    canvas = new_canvas(str(target))
    for page in range(1, pages + 1):
        furniture.draw(canvas, page)
        canvas.showPage()
    canvas.save()
    return target


def join(body: Path, overlay: Path, appendix: Iterable[Path], title: str, target: Path) -> None:
    """Write `target`: the body under its overlay, then the appendix's parts."""
    writer = PdfWriter(clone_from=str(body))
    for page, over in zip(writer.pages, PdfReader(overlay).pages, strict=True):
        page.merge_page(over)
    first = len(writer.pages)
    for part in appendix:
        writer.append(str(part), import_outline=False)
    heading = _("Appendix: every frame")
    writer.add_outline_item(title=heading, page_number=first)
    tag_pages(writer, first, heading)
    _describe(writer, title)
    writer.write(str(target))


def _describe(writer: PdfWriter, title: str) -> None:
    writer.add_metadata({"/Title": title, "/Producer": "EchoDepth", "/Creator": "EchoDepth"})
    writer.pdf_header = "%PDF-1.7"
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(translation.get_language() or "en")
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    preferences = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    root[NameObject("/ViewerPreferences")] = preferences
