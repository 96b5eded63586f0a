"""The appendix's pages in the document's structure, so that a reading program can read them aloud.

Each page is one paragraph: its text is marked with `PARAGRAPH`, all else on it is an artifact.
"""

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

PARAGRAPH = "/P <</MCID 0>> BDC"
"""Begins a page's text in its content stream; `EMC` ends it."""


def tag_pages(writer: PdfWriter, first: int, title: str) -> None:
    """Add the pages from index `first` on as a section to a document that has a structure already."""
    tree = writer.root_object["/StructTreeRoot"]
    document = tree["/K"][0]  # type: ignore[index]
    numbers: ArrayObject = tree["/ParentTree"]["/Nums"]  # type: ignore[index]
    section = _element(writer, "/Sect", document.indirect_reference)
    section[NameObject("/T")] = TextStringObject(title)
    key = max((int(number) for number in numbers[::2]), default=-1)
    paragraphs = ArrayObject()
    for page in writer.pages[first:]:
        key += 1
        paragraph = _paragraph(writer, section, page)
        page[NameObject("/StructParents")] = NumberObject(key)
        numbers.extend([NumberObject(key), ArrayObject([paragraph])])
        paragraphs.append(paragraph)
    section[NameObject("/K")] = paragraphs
    document["/K"].append(section.indirect_reference)


def _paragraph(writer: PdfWriter, section: DictionaryObject, page: PageObject) -> IndirectObject | None:
    paragraph = _element(writer, "/P", section.indirect_reference)
    reference = page.indirect_reference
    if reference is not None:
        paragraph[NameObject("/Pg")] = reference
    paragraph[NameObject("/K")] = NumberObject(0)
    return paragraph.indirect_reference


def _element(writer: PdfWriter, kind: str, parent: IndirectObject | None) -> DictionaryObject:
    element = DictionaryObject(
        {NameObject("/Type"): NameObject("/StructElem"), NameObject("/S"): NameObject(kind)}
    )
    if parent is not None:
        element[NameObject("/P")] = parent
    writer._add_object(element)  # noqa: SLF001 - pypdf has no other door for an object of one's own
    return element
