"""What kind of document a file is, by its content as well as its name."""

from collections.abc import Callable
from pathlib import Path, PurePath
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext_lazy as _

from echodepth.errors import UserError

SNIFFED = 64 * 1024
"""Bytes of a text file that are looked at."""
ODT_MIME = b"application/vnd.oasis.opendocument.text"


def document_kind(name: str, path: Path) -> str:
    """The document's extension without its dot, lower case.

    Raises UserError `type_not_allowed` for an extension we do not take, `content_differs` when the content is
    not what the extension says.
    """
    kind = PurePath(name).suffix.lower().removeprefix(".")
    if kind not in DOCUMENT_KINDS:
        raise UserError(
            "type_not_allowed",
            _(
                "Documents can be PDF, Word (docx), OpenDocument (odt), PowerPoint (pptx), "
                "plain text (txt) or Markdown (md) files."
            ),
        )
    if not DOCUMENT_KINDS[kind](path):
        raise UserError(
            "content_differs",
            _(
                "The file's content is not what its name says. "
                "Open it in the program it comes from and save it again."
            ),
        )
    return kind


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as handle:
        return b"%PDF-" in handle.read(1024)


def _is_text(path: Path) -> bool:
    with path.open("rb") as handle:
        head = handle.read(SNIFFED)
    # A character may be cut in two at the end of what was read.
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    text = head.decode(encoding, errors="replace").rstrip("�")
    return "\0" not in text and "�" not in text


def _holds(member: str, content: bytes | None = None) -> Callable[[Path], bool]:
    def check(path: Path) -> bool:
        try:
            with ZipFile(path) as archive:
                if content is None:
                    return member in archive.namelist()
                with archive.open(member) as handle:
                    return handle.read(len(content) + 1).strip() == content
        except (BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError):
            return False

    return check


DOCUMENT_KINDS: dict[str, Callable[[Path], bool]] = {
    "pdf": _is_pdf,
    "docx": _holds("word/document.xml"),
    "odt": _holds("mimetype", ODT_MIME),
    "pptx": _holds("ppt/presentation.xml"),
    "txt": _is_text,
    "md": _is_text,
}
