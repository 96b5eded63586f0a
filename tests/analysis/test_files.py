import pytest
from django.http import Http404

from analysis.files import CONTENT_TYPES, document_file
from analysis.validators import DOCUMENT_KINDS
from echodepth import files
from echodepth.tenancy import tenant


def test_a_document_is_found_in_its_own_organisation_alone(acme, other):
    with tenant(acme.organisation.pk):
        document = acme.document("Plan.PDF", b"%PDF-1.7")
        file = document_file(document.pk)

    assert file == files.StoredFile(document.storage_key, "Plan.PDF", "application/pdf")
    with tenant(other.organisation.pk), pytest.raises(Http404):
        document_file(document.pk)


def test_every_kind_of_document_has_its_type():
    assert set(CONTENT_TYPES) == set(DOCUMENT_KINDS)
    assert "document" in files.kinds()
