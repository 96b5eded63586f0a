"""Signed forms as `verify_storage` knows them."""

import hashlib

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.domain.consent import consents, papers
from accounts.domain.consent.consents import Told
from accounts.stored import consent_forms
from echodepth.storage import registry
from echodepth.tenancy import tenant
from tests.support.consents import PDF, given, published, subject_of, terms


def test_a_signed_form_is_expected_with_its_digest_and_nothing_of_consents_without_one(owner, outsider):
    subject = subject_of(owner.organisation)
    given(subject)
    text = published(owner.organisation)
    paper = papers.look(SimpleUploadedFile("form.pdf", PDF))
    told = Told("Ada Example", timezone.localdate(), owner.user, paper)
    with tenant(owner.organisation_id):
        consent = consents.put_down(subject, text, terms(), told)
        (stored,) = consent_forms()
        named = [kind for kind, one in registry.expected() if one.key == stored.key]

    assert (stored.key, stored.row_id, stored.required) == (consent.form_key, consent.pk, True)
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    assert named == ["consent form"]
    with tenant(outsider.organisation_id):
        assert list(consent_forms()) == []
