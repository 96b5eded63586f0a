"""What a file plainly is by its first bytes, where that is no video: told by name, and opened by no decoder.

What passes here is not believed to be a video; the probe says that.
"""

from enum import Enum

from django.utils.translation import gettext_lazy as _

from echodepth.errors import UserError

LOOKED_AT = 512
"""Bytes."""


class Kind(Enum):
    """What it is instead, as the sender is told."""

    PROGRAM = _("This is a program, not a video. Choose the video file itself.")
    ARCHIVE = _("This is a packed file, not a video. Unpack it, then upload the video that is in it.")
    DOCUMENT = _(
        "This is a document, not a video. Add it to a project's documents, or choose the video file."
    )
    PICTURE = _("This is a single picture, not a video. Choose the video file itself.")
    TEXT = _(
        "This is a text that points to other files, not a video. Choose the video file itself, not a "
        "playlist or a page."
    )


_BEGINNINGS: tuple[tuple[Kind, tuple[bytes, ...]], ...] = (
    (
        Kind.PROGRAM,
        (
            b"MZ",
            b"\x7fELF",
            b"#!",
            b"\xfe\xed\xfa\xce",
            b"\xfe\xed\xfa\xcf",
            b"\xce\xfa\xed\xfe",
            b"\xcf\xfa\xed\xfe",
            b"\xca\xfe\xba\xbe",
            b"\0asm",
        ),
    ),
    (
        Kind.ARCHIVE,
        (
            b"PK\x03\x04",
            b"PK\x05\x06",
            b"\x1f\x8b",
            b"BZh",
            b"\xfd7zXZ\0",
            b"7z\xbc\xaf\x27\x1c",
            b"Rar!\x1a\x07",
            b"\x28\xb5\x2f\xfd",
            b"MSCF",
        ),
    ),
    (Kind.DOCUMENT, (b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")),
    (Kind.PICTURE, (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")),
    (Kind.TEXT, (b"#extm3u", b"ffconcat version", b"<!doctype", b"<html", b"<?xml", b"<svg", b"[playlist]")),
)
_LATER: tuple[tuple[Kind, int, bytes], ...] = (
    (Kind.ARCHIVE, 257, b"ustar"),
    (Kind.PICTURE, 8, b"WEBPVP8"),
)
"""Signs that do not stand at the beginning."""


def refuse_foreign(head: bytes) -> None:
    """Raises UserError `type_not_allowed` for what `foreign` knows by the first `LOOKED_AT` bytes."""
    kind = foreign(head)
    if kind:
        raise UserError("type_not_allowed", str(kind.value))


def foreign(head: bytes) -> Kind | None:
    """What this is the beginning of; None for what may be a video."""
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for kind, signs in _BEGINNINGS:
        if (plain if kind is Kind.TEXT else head).startswith(signs):
            return kind
    return next((kind for kind, at, sign in _LATER if head[at : at + len(sign)] == sign), None)
