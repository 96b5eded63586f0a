"""`manage.py verify_audit`: what it says of each trail, and its exit status."""

import pytest
from django.core.management import CommandError, call_command

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_expiry import expire
from accounts.enums import OrganisationState
from accounts.models import AuditHead, AuditRecord
from echodepth.postgresql.owner import as_owner
from echodepth.tenancy import tenant
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trails(organisation):
    """Three records of the harbour, one of a closed organisation; a third one has none."""
    closed = OrganisationFactory(slug="closed", state=OrganisationState.CLOSED)
    OrganisationFactory(slug="quiet")
    for one, count in ((organisation, 3), (closed, 1)):
        with tenant(one.pk):
            for _ in range(count):
                record(AuditAction.LIST_READ)
    return organisation


def tamper(organisation, number):
    with as_owner(), tenant(organisation.pk):
        AuditRecord._base_manager.filter(organisation=organisation, number=number).update(action="nothing")


def head(organisation):
    with tenant(organisation.pk):
        return AuditHead.objects.get()


def test_every_trail_is_proven_and_its_end_told(trails, capsys):
    call_command("verify_audit")

    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("closed: 1 record: holds; newest 1:")
    assert told[1] == f"harbour: 3 records: holds; newest 3:{head(trails).hash}"
    assert told[2] == "quiet: nothing is recorded yet"


def test_what_was_altered_is_told_with_its_place_and_the_command_fails(trails, capsys):
    tamper(trails, 2)

    with pytest.raises(CommandError, match="1 audit trail does not hold") as caught:
        call_command("verify_audit")

    told = capsys.readouterr().out
    with tenant(trails.pk):
        at = AuditRecord.objects.get(number=2).at
    assert caught.value.returncode == 1
    assert "harbour: 3 records: DOES NOT HOLD" in told
    assert f"  altered: Record 2 of {at:%Y-%m-%d %H:%M:%S} UTC (nothing): its content is not" in told
    assert "closed: 1 record: holds" in told


def test_one_organisation_can_be_named(trails, capsys):
    tamper(trails, 2)

    call_command("verify_audit", organisation="closed")

    assert capsys.readouterr().out.startswith("closed: 1 record: holds")
    with pytest.raises(CommandError, match="There is no organisation nowhere"):
        call_command("verify_audit", organisation="nowhere")


def test_what_was_kept_elsewhere_is_asked_for(trails, capsys):
    kept = f"3:{head(trails).hash}"
    call_command("verify_audit", organisation="harbour", anchor=kept)
    assert "holds" in capsys.readouterr().out

    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", organisation="harbour", anchor="2:" + "0" * 64)
    assert "anchor: Record 2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"anchor": "3:abc"}, "name it with --organisation"),
        ({"anchor": "3", "organisation": "harbour"}, "a number, a colon and a hash"),
        ({"anchor": "x:abc", "organisation": "harbour"}, "a number, a colon and a hash"),
    ],
)
def test_an_anchor_that_is_none_is_refused(trails, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("verify_audit", **options)


def test_a_key_that_is_not_known_any_more_is_told(trails, settings, capsys):
    settings.SECRET_KEY = "another key"

    with pytest.raises(CommandError):
        call_command("verify_audit", organisation="harbour")

    assert "unknown_key: The seal at record 3 was made with a secret key that is not known" in (
        capsys.readouterr().out
    )


def test_a_cut_is_told(trails, capsys):
    with tenant(trails.pk):
        last = AuditRecord.objects.get(number=3)
    with as_owner(), tenant(trails.pk):
        expire(last.at)

    call_command("verify_audit", organisation="harbour")

    assert capsys.readouterr().out.startswith("harbour: 2 records, after 2 that expired: holds; newest 4:")
