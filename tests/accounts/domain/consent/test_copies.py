from accounts.domain.consent import consents, copies
from accounts.models import Consent
from echodepth.tenancy import tenant
from tests.support.consents import given, terms
from tests.support.tenants import save


def written(consent):
    with tenant(consent.organisation_id):
        return copies.written(Consent.objects.select_related("text", "organisation").get(pk=consent.pk))


def test_a_copy_says_all_that_was_agreed_to_and_nothing_of_the_label(subject):
    save(subject.organisation, privacy_contact="privacy@harbour.example")
    consent = given(subject, terms("sales_meeting", "research", culture=True))

    text = written(consent)

    assert text.startswith("Harbour Institute\n")
    assert consent.text.body.strip() in text
    assert "A sales conversation; Research with people who agreed to take part" in text
    assert "Culture may be taken into account: yes\nRecordings may calibrate: no\n" in text
    assert f"Until: {consent.until}\nSigned by: Ada Example\n" in text
    assert consent.text.sha256 in text
    assert consent.evidence_sha256 in text
    assert "privacy@harbour.example" in text
    assert "Withdrawn" not in text
    assert subject.label not in text


def test_a_copy_says_that_it_was_withdrawn(subject):
    consent = given(subject)
    with tenant(consent.organisation_id):
        consents.withdraw(consent, by_subject=True)

    assert f"Withdrawn on: {consent.withdrawn_at:%Y-%m-%d}" in written(consent)
