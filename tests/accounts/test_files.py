import pytest
from django.http import Http404

from accounts.domain.consent import papers
from accounts.files import consent_form
from echodepth import files
from echodepth.tenancy import tenant
from tests.support.consents import given, subject_of
from tests.support.tenants import save


def test_a_form_is_found_in_its_own_organisation_alone(organisation, outsider):
    consent = save(given(subject_of(organisation)), form_key=f"{organisation.pk}/consents/1/form.jpg")

    with tenant(organisation.pk):
        file = consent_form(consent.pk)

    assert file == files.StoredFile(consent.form_key, "consent.jpg", "image/jpeg")
    with tenant(outsider.organisation_id), pytest.raises(Http404):
        consent_form(consent.pk)


def test_a_consent_without_a_form_has_no_file(organisation):
    consent = given(subject_of(organisation))

    with tenant(organisation.pk), pytest.raises(Http404):
        consent_form(consent.pk)
    assert papers.LINK_KIND in files.kinds()
