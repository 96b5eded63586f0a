"""Tampering drills: whoever owns the tables changes the trail, and the proof says where."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_chain import digest, seal
from accounts.domain.audit_expiry import expire
from accounts.domain.audit_verify import MOST_FAULTS, Anchor, Fault, verify
from accounts.models import AuditHead, AuditRecord
from echodepth.postgresql.owner import as_owner
from echodepth.tenancy import tenant
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db(transaction=True)

ACTIONS = (AuditAction.RECORDING_VIEWED, AuditAction.RESULT_EXPORTED, AuditAction.ROLE_CHANGED)


@pytest.fixture
def trail(organisation):
    """Nine records; the scope stays open, and what is written here is written by the tables' owner."""
    with tenant(organisation.pk):
        for number in range(9):
            record(ACTIONS[number % 3], organisation, page=number)
        with as_owner():
            yield organisation


def change(where, **fields):
    AuditRecord._base_manager.filter(number=where).update(**fields)


def remove(*numbers):
    AuditRecord.objects.filter(number__in=numbers).expire()


def rewrite(first, **fields):
    """Change a record and make the hashes of it and of all behind it anew; the last one."""
    change(first, **fields)
    before = AuditRecord.objects.filter(number=first - 1).first()
    held = before.hash if before else ""
    for line in AuditRecord.objects.filter(number__gte=first).order_by("number"):
        line.previous_hash = held
        held = digest(line)
        change(line.number, previous_hash=line.previous_hash, hash=held)
    return AuditRecord.objects.first()


def found():
    return [(finding.fault, finding.number) for finding in verify().findings]


def test_a_trail_that_nobody_touched_holds(trail):
    proof = verify()

    assert proof.holds
    assert (proof.records, proof.number, proof.cut) == (9, 9, 0)
    assert proof.hash == AuditRecord.objects.get(number=9).hash


def test_a_trail_that_has_not_begun_holds(organisation):
    with tenant(organisation.pk):
        assert verify().holds


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "list.read"},
        {"actor": uuid4()},
        {"staff_session": uuid4()},
        {"token": uuid4()},
        {"address": uuid4()},
        {"target": "another"},
        {"target_kind": "another"},
        {"facts": {}},
        {"request_id": "another"},
        {"id": uuid4()},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_an_altered_field_is_found_where_it_stands(trail, fields):
    change(4, **fields)

    (finding,) = verify().findings
    assert (finding.fault, finding.number) == (Fault.ALTERED, 4)
    assert finding.at == AuditRecord.objects.get(number=4).at
    assert f"Record 4 of {finding.at:%Y-%m-%d %H:%M:%S} UTC" in finding.sentence


def test_an_altered_time_is_found(trail):
    change(4, at=AuditRecord.objects.get(number=4).at - timedelta(days=3))

    assert found() == [(Fault.ALTERED, 4)]


def test_a_hash_made_anew_breaks_the_chain_behind_it(trail):
    change(4, action="list.read")
    change(4, hash=digest(AuditRecord.objects.get(number=4)))

    assert found() == [(Fault.UNLINKED, 5)]


def test_all_hashes_made_anew_do_not_end_where_the_head_says(trail):
    rewrite(4, action="list.read")

    assert found() == [(Fault.HEAD_DIFFERS, 9)]


def test_a_head_made_anew_lacks_the_seal(trail):
    last = rewrite(4, action="list.read")
    AuditHead.objects.update(hash=last.hash)

    assert found() == [(Fault.HEAD_SEAL, 9)]


def test_another_places_seal_does_not_help(trail):
    other = OrganisationFactory()
    last = rewrite(4, action="list.read")
    AuditHead.objects.update(hash=last.hash, seal=seal("head", other.pk, 9, last.hash))

    assert found() == [(Fault.HEAD_SEAL, 9)]


@pytest.mark.parametrize(
    ("gone", "faults"),
    [
        ((5,), [(Fault.MISSING, 5)]),
        ((3, 4, 5), [(Fault.MISSING, 3)]),
        ((2, 6), [(Fault.MISSING, 2), (Fault.MISSING, 6)]),
        ((1,), [(Fault.MISSING, 1)]),
        ((9,), [(Fault.TAIL_MISSING, 9)]),
        ((8, 9), [(Fault.TAIL_MISSING, 8)]),
        (tuple(range(1, 10)), [(Fault.TAIL_MISSING, 1)]),
    ],
)
def test_removed_records_are_missed(trail, gone, faults):
    remove(*gone)

    assert found() == faults


def test_the_sentence_says_which_are_missing_and_before_when(trail):
    remove(3, 4, 5)

    (finding,) = verify().findings
    at = AuditRecord.objects.get(number=6).at
    assert finding.sentence == f"Records 3 to 5 are missing, before record 6 of {at:%Y-%m-%d %H:%M:%S} UTC."


def test_a_tail_that_is_cut_off_with_the_head_lacks_the_seal(trail):
    remove(8, 9)
    AuditHead.objects.update(number=7, hash=AuditRecord.objects.get(number=7).hash)

    assert found() == [(Fault.HEAD_SEAL, 7)]


def test_numbers_closed_up_over_a_gap_are_found(trail):
    remove(5)
    for number in range(6, 10):
        change(number, number=number - 1)
    AuditHead.objects.update(number=8)

    assert (Fault.UNLINKED, 5) in found()
    assert (Fault.ALTERED, 5) in found()


def test_records_that_changed_places_are_found(trail):
    change(3, number=100)
    change(6, number=3)
    change(100, number=6)

    assert {number for _fault, number in found()} == {3, 4, 6, 7}


def test_a_record_put_in_is_found(trail):
    line = AuditRecord.objects.get(number=5)
    remove(5)
    line.pk, line.action, line._state.adding = uuid4(), "list.read", True
    line.hash = digest(line)
    line.save()

    assert found() == [(Fault.UNLINKED, 6)]


def test_a_record_put_behind_the_newest_is_found(trail):
    last = AuditRecord.objects.get(number=9)
    forged = AuditRecord(
        organisation=trail, number=10, at=last.at, action="list.read", previous_hash=last.hash
    )
    forged.hash = digest(forged)
    forged.save()

    assert found() == [(Fault.INSERTED, 10)]


def test_a_head_that_is_gone_is_missed(trail):
    AuditHead.objects.all().delete()

    assert found() == [(Fault.HEAD_MISSING, 0)]


def test_a_key_that_is_not_known_any_more_is_told_apart_from_a_forged_seal(trail, settings):
    settings.SECRET_KEY = "another key"
    (finding,) = verify().findings
    assert (finding.fault, finding.number) == (Fault.UNKNOWN_KEY, 9)
    assert "ECHODEPTH_SECRET_KEY_FALLBACKS" in finding.sentence

    AuditHead.objects.update(seal=AuditHead.objects.get().seal[:-1] + "#")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a third key"
    assert found() == [(Fault.UNKNOWN_KEY, 9)]


def test_what_was_kept_elsewhere_finds_a_trail_that_was_put_back(trail):
    """An old copy of the whole trail is sealed too: only what is kept outside tells."""
    kept = Anchor(9, verify().hash)
    assert verify(kept).holds
    old = AuditRecord.objects.get(number=7)
    remove(8, 9)
    AuditHead.objects.update(number=7, hash=old.hash, seal=seal("head", trail.pk, 7, old.hash))

    assert verify().holds
    assert [finding.fault for finding in verify(kept).findings] == [Fault.ANCHOR]
    assert [finding.fault for finding in verify(Anchor(7, "0" * 64)).findings] == [Fault.ANCHOR]


def test_a_cut_trail_is_proven_from_the_cut_on(trail):
    _cut_after(4)

    assert (verify().records, verify().cut, found()) == (6, 4, [])
    change(5, action="list.read")
    assert found() == [(Fault.ALTERED, 5)]


def test_a_cut_moved_by_hand_lacks_the_seal(trail):
    _cut_after(4)
    held = AuditRecord.objects.get(number=6)
    remove(5, 6)
    assert found() == [(Fault.MISSING, 5)]
    AuditHead.objects.update(cut_number=6, cut_hash=held.hash)

    assert found() == [(Fault.CUT_SEAL, 6)]


def test_a_record_put_before_the_cut_is_found(trail):
    expired = AuditRecord.objects.get(number=2)
    _cut_after(4)
    expired._state.adding = True
    expired.save()

    assert found() == [(Fault.INSERTED, 2)]


def test_a_trail_full_of_faults_is_told_in_bounds(trail, monkeypatch):
    monkeypatch.setattr("accounts.domain.audit_verify.MOST_FAULTS", 3)
    AuditRecord._base_manager.update(action="list.read")

    assert [number for _fault, number in found()] == [1, 2, 3]
    assert MOST_FAULTS == 100


def _cut_after(number):
    expire(AuditRecord.objects.get(number=number + 1).at)
