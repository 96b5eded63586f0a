"""Names beside the trail."""

import pytest

from accounts.domain.audit_parties import Named, party_ids, person, target_of
from accounts.enums import PartyKind
from accounts.models import AuditParty, User
from echodepth.tenancy import tenant
from tests.factories import DocumentFactory, MembershipFactory, SubjectFactory

pytestmark = pytest.mark.django_db


def test_a_name_too_long_for_the_table_leaves_the_address():
    long = User(pk=3, email="ada@example.org", full_name="A" * 300)

    assert person(long) == Named(PartyKind.PERSON, "3", "ada@example.org")


def test_each_kind_of_target_is_known_by_its_own_name():
    subject, document, member = (
        SubjectFactory(label="P 7"),
        DocumentFactory(title="Consent"),
        MembershipFactory(),
    )

    with tenant(subject.organisation_id):
        assert target_of(subject).named == Named(PartyKind.SUBJECT, f"subject:{subject.pk}", "P 7")
    with tenant(document.organisation_id):
        assert target_of(document).named.name == "Consent"
    with tenant(member.organisation_id):
        assert target_of(member) == target_of(member.user)
    assert target_of(member.user).named.kind == PartyKind.PERSON


def test_a_party_is_made_once_and_renamed_when_its_name_has_changed(organisation):
    before, after = Named(PartyKind.PERSON, "3", "Ada"), Named(PartyKind.PERSON, "3", "Ada L.")
    other = Named(PartyKind.ADDRESS, "3", "3")

    with tenant(organisation.pk):
        first = party_ids(organisation.pk, [before, other, before])
        second = party_ids(organisation.pk, [after])
        names = set(AuditParty.objects.values_list("kind", "name"))

    assert len(set(first.values())) == 2
    assert second[after] == first[before]
    assert names == {("person", "Ada L."), ("address", "3")}
