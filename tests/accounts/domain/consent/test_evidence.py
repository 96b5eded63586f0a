import pytest
from django.utils import timezone

from accounts.domain.consent import consents, evidence
from accounts.domain.consent.consents import Told
from accounts.models import Consent
from echodepth.tenancy import tenant
from tests.support.consents import given, terms
from tests.support.tenants import save


def is_whole(consent):
    with tenant(consent.organisation_id):
        return evidence.is_whole(Consent.objects.select_related("text").get(pk=consent.pk))


def test_what_was_signed_is_whole_as_long_as_nobody_changes_it(subject):
    consent = given(subject)

    assert is_whole(consent)
    assert len(consent.evidence_sha256) == 64
    with tenant(consent.organisation_id):
        said = evidence.facts(consent)
    assert (said["signer"], said["subject"], said["text"]) == (
        consent.signer,
        str(subject.pk),
        consent.text.sha256,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"purposes": ["sales_meeting", "research"]},
        {"culture": True},
        {"calibration": True},
        {"signer": "Somebody Else"},
        {"until": "2030-01-01"},
        {"form_sha256": "0" * 64},
        {"given_at": "2026-01-01T00:00:00+00:00"},
    ],
)
def test_a_change_of_what_was_agreed_shows(subject, change):
    consent = save(given(subject), **change)

    assert not is_whole(consent)


@pytest.mark.parametrize("change", [{"body": "Something else.\n"}, {"title": "Else"}, {"language": "de"}])
def test_a_change_of_the_text_shows(subject, change):
    consent = given(subject)
    save(consent.text, **change)

    assert not is_whole(consent)


def test_who_vouched_is_part_of_what_is_kept(subject, owner, outsider):
    consent = given(subject)
    with tenant(subject.organisation_id):
        told = Told("Ada", timezone.localdate(), owner.user)
        made = consents.put_down(subject, consent.text, terms(), told)
    assert is_whole(made)

    save(made, attested_by=outsider.user)
    assert not is_whole(made)
    assert not evidence.is_nameless(made)
    assert evidence.is_nameless(save(made, attested_by=None))  # gone with their account


def test_withdrawing_changes_nothing_of_what_was_signed(subject):
    consent = save(given(subject), state="withdrawn", withdrawn_at="2026-11-24T10:00:00+00:00")

    assert is_whole(consent)


def test_the_digest_does_not_depend_on_the_order_of_facts():
    assert evidence.digest({"a": 1, "b": "ü"}) == evidence.digest({"b": "ü", "a": 1})
    assert evidence.digest({"a": 1}) != evidence.digest({"a": "1"})
