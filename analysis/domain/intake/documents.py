"""Documents on their way out."""

from accounts.audit_actions import AuditAction
from accounts.domain import audit
from analysis.models import Document
from echodepth import files

KIND = "document"


def document_link(document: Document) -> str:
    """Address of the document's file for the next minute; raises as `echodepth.files.link` does."""
    address = files.link(KIND, document.pk)
    audit.record(AuditAction.DOCUMENT_DOWNLOADED, document)
    return address
