import copy
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actor import Actor, acting
from accounts.domain.erasure import certificates, erasures
from accounts.domain.erasure.certificates import Verdict
from accounts.enums import ErasureReason, Role
from accounts.models import AuditParty, Certificate, Organisation
from accounts.permissions import Permissions
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, ProjectFactory, SubjectFactory
from tests.support.erasing import erase_all


@pytest.fixture
def erased(db):
    """What a person asked to have erased: the project is gone, and the certificate there."""
    project = ProjectFactory(name="Ada Lovelace interviews")
    with tenant(project.organisation_id):
        SubjectFactory(project=project, label="Ada Lovelace")
        member = MembershipFactory(organisation=project.organisation).user
        erasure = erasures.request(
            ErasureReason.MEMBER, "project", project.pk, project.organisation_id, asked_by=member
        )
        erase_all()
        erasure.refresh_from_db()
        yield erasure


@pytest.fixture
def told(erased):
    return json.loads(json.dumps(certificates.document(erased.certificate)))


def test_it_says_what_went_by_whom_and_when(erased, told, settings):
    body = told["body"]
    assert body["erased"] == {"kind": "project", "id": str(erased.object_id), "data_class": ""}
    assert body["counts"]["project"] == body["counts"]["subject"] == 1
    assert {one["kind"] for one in body["things"]} >= {"project", "subject", "declaration"}
    party = AuditParty.objects.get(pk=body["asked_by"])
    assert party.key == str(erased.asked_by_id)
    assert body["reason"] == "member"
    assert body["backups_until"] == certificates._moment(
        erased.finished_at + timedelta(days=settings.BACKUP_DAYS)
    )
    assert erased.finished_at <= timezone.now()


def test_who_asked_is_not_named_again_once_their_organisation_was_erased(db):
    project = ProjectFactory()
    with tenant(project.organisation_id):
        member = MembershipFactory(organisation=project.organisation).user
        with acting(Actor(member, project.organisation, Permissions(Role.OWNER))):
            erasures.request(
                ErasureReason.MEMBER, "project", project.pk, project.organisation_id, asked_by=member
            )
        asker = AuditParty.objects.get(key=str(member.pk)).pk
        AuditParty.objects.all().delete()
        Organisation.objects.filter(pk=project.organisation_id).update(erased_at=timezone.now())
        erase_all()
        assert Certificate.objects.get().body["asked_by"] == str(asker)
        assert not AuditParty.objects.filter(key=str(member.pk)).exists()


def test_it_holds_no_personal_data(erased, told):
    text = json.dumps(told)
    for secret in ("Ada", "Lovelace", "interviews", erased.asked_by.email, erased.asked_by.full_name):
        assert secret not in text


def test_it_is_valid_as_it_was_handed_out(told):
    assert certificates.verify(told) == Verdict.VALID
    assert certificates.verify(certificates.read(json.dumps(told, indent=4))) == Verdict.VALID


@pytest.mark.parametrize("place", ["reason", "finished_at", "things_sha256", "versions", "organisation"])
def test_whatever_is_changed_is_seen(told, place):
    changed = copy.deepcopy(told)
    changed["body"][place] = "x"
    assert certificates.verify(changed) == Verdict.CHANGED


def test_a_thing_or_a_field_more_or_less_is_seen(told):
    fewer, more = copy.deepcopy(told), copy.deepcopy(told)
    fewer["body"]["things"].pop()
    more["body"]["remark"] = "and more"
    assert certificates.verify(fewer) == certificates.verify(more) == Verdict.CHANGED
    told["signature"] = told["signature"][:-2] + ("00" if told["signature"][-2:] != "00" else "01")
    assert certificates.verify(told) == Verdict.CHANGED


def test_another_installation_is_not_known(told, settings):
    settings.SECRET_KEY = "another" * 8
    assert certificates.verify(told) == Verdict.UNKNOWN_KEY


def test_a_key_that_was_changed_verifies_while_it_is_a_fallback_and_by_its_public_key_after(told, settings):
    earlier, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 8
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert certificates.verify(told) == Verdict.VALID
    settings.SECRET_KEY_FALLBACKS = []
    settings.CERTIFICATE_KEYS = [told["public_key"]]
    assert certificates.verify(told) == Verdict.VALID


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        [],
        {},
        {"body": {}},
        {"body": {"format": "echodepth.erasure.1"}, "public_key": 3, "signature": ""},
        {"body": {"format": "echodepth.erasure.1"}, "public_key": "zz", "signature": "00"},
        {"body": {"format": "another"}, "public_key": "00", "signature": "00"},
    ],
)
def test_what_is_no_certificate_is_said_to_be_none(nothing):
    assert certificates.verify(nothing) == Verdict.UNREADABLE


def test_a_key_that_is_no_key_is_not_valid():
    body = {"format": "echodepth.erasure.1"}
    assert certificates.verify({"body": body, "public_key": "00", "signature": "00"}) == Verdict.CHANGED


def test_text_that_is_no_json_is_read_as_nothing():
    assert certificates.read(b"\xff\xfe") is None
    assert certificates.read("[" * 100_000) is None
