"""The part of a copy that people read: a PDF of all its rows, and a note on what the zip holds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

from accounts.models import Subject

if TYPE_CHECKING:
    from accounts.domain.rights.copies import Section

LONGEST = 2000
"""Characters of one value; the whole of it stands in the machine-readable file."""
STYLE = """
@page { size: A4; margin: 20mm 18mm; @bottom-right { content: counter(page); font-size: 8pt; } }
body { font: 9.5pt/1.4 sans-serif; color: #1b2430; overflow-wrap: anywhere; }
h1 { font-size: 18pt; margin: 0 0 4mm; }
h2 { font-size: 12.5pt; margin: 8mm 0 2mm; border-bottom: .6pt solid #8a95a5; break-after: avoid; }
table { width: 100%; border-collapse: collapse; margin: 0 0 4mm; }
th { text-align: left; width: 34%; font-weight: 600; }
th, td { padding: .8mm 2mm .8mm 0; vertical-align: top; border-bottom: .3pt solid #d5dae2; }
p { margin: 0 0 2mm; }
"""


@dataclass(frozen=True, slots=True)
class Readable:
    """A section as it is printed: of each row its fields and values."""

    title: str
    rows: list[list[tuple[str, str]]]


def pdf(subject: Subject, sections: "Iterable[Section]", files: Sequence[dict[str, Any]]) -> bytes:
    """The readable overview, as PDF; nothing is fetched for it."""
    context = {
        "subject": subject,
        "organisation": subject.organisation,
        "made_at": timezone.now(),
        "sections": [Readable(str(one.title), [list(lines(row)) for row in one.rows]) for one in sections],
        "files": files,
        "LANGUAGE_CODE": translation.get_language() or "en",
    }
    page = HTML(string=render_to_string("accounts/rights/copy.html", context), url_fetcher=_nothing())
    target = BytesIO()
    page.write_pdf(target, stylesheets=[CSS(string=STYLE, url_fetcher=_nothing())], pdf_tags=True)
    return target.getvalue()


def _nothing() -> URLFetcher:
    return URLFetcher(allowed_protocols=())


def lines(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The row's fields in words; those that are empty are left out."""
    for name, value in row.items():
        told = _told(value)
        if told:
            yield name.replace("_", " ").capitalize(), told


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _cut("; ".join(f"{key.replace('_', ' ')}: {_told(one)}" for key, one in value.items()))
    if isinstance(value, list):
        return _cut(", ".join(_told(one) for one in value))
    return "" if value is None else _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def readme(subject: Subject) -> str:
    """What the zip holds, as plain text."""
    context = {"subject": subject, "organisation": subject.organisation, "made_at": timezone.now()}
    return render_to_string("accounts/rights/readme.txt", context)
