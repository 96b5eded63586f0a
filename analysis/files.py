"""What signed links of this app lead to."""

from pathlib import PurePath
from uuid import UUID

from analysis.access import access_document
from analysis.domain.intake.documents import KIND
from echodepth import files

OFFICE = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "txt": "text/plain",
    "md": "text/markdown",
}
"""By the extension, which `analysis.validators` has held against the content."""


def connect() -> None:
    files.register(KIND, document_file)


def document_file(document_id: UUID) -> files.StoredFile:
    """A document under the name it was uploaded with; Http404 where there is none."""
    document = access_document(document_id)
    suffix = PurePath(document.original_name).suffix.lower().removeprefix(".")
    content_type = CONTENT_TYPES.get(suffix, "application/octet-stream")
    return files.StoredFile(document.storage_key, document.original_name, content_type)
