from accounts.audit_actions import AuditAction
from accounts.models import AuditRecord
from analysis.domain.intake.documents import document_link
from echodepth import files
from echodepth.tenancy import tenant


def test_a_link_to_a_document_is_recorded_in_the_trail(acme):
    with tenant(acme.organisation.pk):
        document = acme.document()
        address = document_link(document)
        told = AuditRecord.objects.get(action=AuditAction.DOCUMENT_DOWNLOADED)

    assert told.target == str(document.pk)
    found = files.read_token(address.removeprefix("/files/").removesuffix("/"))
    assert found == files.Link("document", acme.organisation.pk, document.pk)
