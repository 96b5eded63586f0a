"""A name is erased; the records stay and prove themselves."""

import pytest

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record, record_as, write
from accounts.domain.audit_erasure import erase_address, erase_label, erase_person
from accounts.domain.audit_parties import Target, label
from accounts.domain.audit_verify import verify
from accounts.models import AuditParty, AuditRecord
from echodepth import client_address
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, RecordingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(owner):
    recording = RecordingFactory(project__organisation=owner.organisation, title="Interview with Ada")
    client_address.current.set("203.0.113.9")
    with tenant(owner.organisation_id):
        record_as(owner.user, AuditAction.RECORDING_VIEWED, recording)
        invited = Target("invitation", "7", label("invitation", "7", owner.user.email))
        write(AuditAction.MEMBER_INVITED, invited, {})
        yield recording
    client_address.current.set("")


def names():
    return set(AuditParty.objects.values_list("name", flat=True))


def test_a_person_goes_with_every_invitation_to_the_address(trail, owner):
    before = AuditRecord.objects.get(number=1)

    assert erase_person(owner.user_id, owner.user.email) == 2

    assert names() == {"203.0.113.9", "Interview with Ada"}
    assert AuditRecord.objects.get(number=1).actor == before.actor
    assert verify().holds
    assert not AuditParty.objects.filter(pk=before.actor).exists()


def test_what_the_person_does_later_does_not_lead_back(trail, owner):
    erase_person(owner.user_id, owner.user.email)
    record_as(owner.user, AuditAction.LIST_READ)

    first, last = AuditRecord.objects.get(number=1), AuditRecord.objects.first()
    assert AuditParty.objects.get(pk=last.actor).key == str(owner.user_id)
    assert last.actor != first.actor


def test_an_address_and_a_title_can_be_erased(trail, owner):
    client_address.current.set("")
    assert erase_address("203.0.113.9") == 1
    assert erase_label("recording", str(trail.pk)) == 1

    assert names() == {f"{owner.user.full_name} <{owner.user.email}>", owner.user.email}
    assert verify().holds


def test_that_it_was_done_is_recorded_and_not_whose_name_it_was(trail, owner):
    erase_person(owner.user_id, owner.user.email)
    assert erase_person(owner.user_id, owner.user.email) == 0

    (line,) = AuditRecord.objects.filter(action="audit.erased")
    assert (line.facts, line.target) == ({"kind": "person", "names": 2}, "")


def test_other_organisations_keep_the_name(trail, owner):
    elsewhere = MembershipFactory(user=owner.user)
    with tenant(elsewhere.organisation_id):
        record_as(owner.user, AuditAction.LIST_READ)

    erase_person(owner.user_id, owner.user.email)

    with tenant(elsewhere.organisation_id):
        assert AuditParty.objects.filter(key=str(owner.user_id)).exists()
    record(AuditAction.LIST_READ)
    assert verify().holds
