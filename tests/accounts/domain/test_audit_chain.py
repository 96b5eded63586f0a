"""What binds records: every field counts, and a seal is told from a broken and from a strange one."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from accounts.domain.audit_chain import Seal, digest, look_at, moment, seal
from accounts.models import AuditRecord

PLACE = UUID(int=1)


def line(**changed):
    fields = {
        "id": UUID(int=2),
        "organisation_id": PLACE,
        "number": 7,
        "at": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        "action": "recording.viewed",
        "actor": UUID(int=3),
        "staff_session": None,
        "token": None,
        "address": None,
        "target_kind": "recording",
        "target": "9",
        "facts": {"b": 1, "a": "Ä"},
        "request_id": "r",
        "previous_hash": "p",
    }
    return AuditRecord(**fields | changed)


def test_the_canonical_form_is_the_one_the_document_tells():
    zeros = "00000000-0000-0000-0000-00000000000"
    canonical = (
        f'{{"action":"recording.viewed","actor":"{zeros}3","address":null,"at":"2026-01-02T03:04:05.000006Z",'
        f'"facts":{{"a":"Ä","b":1}},"id":"{zeros}2","number":7,"organisation":"{zeros}1","previous_hash":"p",'
        '"request_id":"r","staff_session":null,"target":"9","target_kind":"recording","token":null}'
    )

    assert digest(line()) == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        {"id": UUID(int=9)},
        {"organisation_id": UUID(int=9)},
        {"number": 8},
        {"at": datetime(2026, 1, 2, 3, 4, 5, 7, tzinfo=UTC)},
        {"action": "recording.deleted"},
        {"actor": None},
        {"staff_session": UUID(int=9)},
        {"token": UUID(int=9)},
        {"address": UUID(int=9)},
        {"target_kind": "run"},
        {"target": "8"},
        {"facts": {"b": 1, "a": "B"}},
        {"request_id": ""},
        {"previous_hash": "q"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_every_field_counts(changed):
    assert digest(line(**changed)) != digest(line())


def test_every_field_of_the_model_is_in_the_list_above():
    marks = test_every_field_counts.pytestmark[0].args[1]
    columns = {field.attname for field in AuditRecord._meta.concrete_fields}

    assert {name for changed in marks for name in changed} == columns - {"hash"}


def test_a_time_is_the_same_in_every_zone():
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)

    assert moment(noon) == "2026-07-01T12:00:00.000000Z"
    assert moment(noon.astimezone(timezone(timedelta(hours=5)))) == moment(noon)


@pytest.mark.parametrize(
    "place",
    [("cut", PLACE, 7, "h"), ("head", UUID(int=9), 7, "h"), ("head", PLACE, 8, "h"), ("head", PLACE, 7, "i")],
)
def test_a_seal_holds_for_its_place_alone(place):
    made = seal("head", PLACE, 7, "h")

    assert look_at(made, "head", PLACE, 7, "h") == Seal.GOOD
    assert look_at(made, *place) == Seal.BROKEN


def test_a_seal_outlives_the_change_of_the_key_as_long_as_the_old_one_is_known(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old key", []
    made = seal("head", PLACE, 7, "h")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new key", ["old key"]
    assert look_at(made, "head", PLACE, 7, "h") == Seal.GOOD
    assert look_at(made, "head", PLACE, 8, "h") == Seal.BROKEN
    settings.SECRET_KEY_FALLBACKS = []
    assert look_at(made, "head", PLACE, 7, "h") == Seal.UNKNOWN_KEY
    assert look_at("", "head", PLACE, 7, "h") == Seal.BROKEN
    assert "old key" not in made
