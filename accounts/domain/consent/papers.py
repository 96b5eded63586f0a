"""Signed forms: what is taken, and where it is kept."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent
from echodepth.errors import UserError
from echodepth.storage import erasing

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

KIND = "consent form"
"""In the registry of storage."""
LINK_KIND = "consent-form"
"""In signed links."""
LARGEST = 8_000_000
"""Bytes; a scanned page or two, within what any form of the portal may bring."""
CONTENT_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
END_WITHIN = 1024
"""Bytes before a PDF's end in which its last mark stands."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A form as it was found to be."""

    kind: str
    """Key of CONTENT_TYPES."""
    content: bytes
    sha256: str
    """In hexadecimal."""


def look(file: "UploadedFile[bytes]") -> Paper:
    """Told by its content, not its name. Raises UserError `form_too_large` or `form_not_readable`."""
    if file.size is None or file.size > LARGEST:
        sentence = _("The file is larger than %(megabytes)d MB. Scan the form in black and white.")
        raise UserError("form_too_large", sentence % {"megabytes": LARGEST // 1_000_000})
    content = file.read()
    kind = _kind(content)
    if kind is None:
        sentence = _("The form is no whole PDF, PNG or JPEG file. Scan it again, or save it as PDF.")
        raise UserError("form_not_readable", sentence)
    return Paper(kind, content, hashlib.sha256(content).hexdigest())


def keep(consent: Consent, paper: Paper) -> str:
    """The key under which it lies from now on."""
    key = f"{folder(consent.organisation_id, consent.pk)}/form.{paper.kind}"
    return str(default_storage.save(key, ContentFile(paper.content)))


def discard(consent: Consent) -> None:
    """The consent did not come about: its form goes again."""
    if consent.form_key:
        erasing.erase(consent.form_key)


def folder(organisation_id: UUID, consent_id: UUID) -> str:
    return f"{organisation_id}/consents/{consent_id}"


def _kind(content: bytes) -> str | None:
    """By first and last bytes: a file that was cut off is none. Nothing of it is decoded here."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-END_WITHIN:]:
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content.endswith(b"IEND\xaeB`\x82"):
        return "png"
    if content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0").endswith(b"\xff\xd9"):
        return "jpg"
    return None
