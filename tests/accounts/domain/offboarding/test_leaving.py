import re
from datetime import timedelta

import pytest
from django.core import mail
from django.http import Http404
from django.utils import timezone

from accounts.access import access_organisation
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.erasure import erasures
from accounts.domain.offboarding import exports, leaving
from accounts.enums import ErasureReason, OffboardingState, OrganisationState, Role
from accounts.models import AuditRecord, Erasure, Offboarding
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import (
    LegalHoldFactory,
    MembershipFactory,
    OffboardingFactory,
    OffboardingPartFactory,
    StaffSessionFactory,
)
from tests.support.tenants import fresh


@pytest.fixture
def owner(db):
    """Who has taken everything along."""
    member = MembershipFactory(role=Role.OWNER)
    OffboardingFactory(organisation=member.organisation, state=OffboardingState.READY)
    return access_organisation(member.user, member.organisation.slug)


def left(owner, name=None):
    with tenant(owner.organisation.pk):
        return leaving.leave(owner, owner.organisation.name if name is None else name)


def refusal(owner, name=None):
    with pytest.raises(UserError) as refused:
        left(owner, name)
    assert fresh(owner.organisation).state == OrganisationState.ACTIVE
    with tenant(owner.organisation.pk):
        assert not Erasure.objects.exists()
    return refused.value.code


def test_leaving_shuts_the_organisation_and_begins_to_erase_it(owner):
    session = StaffSessionFactory(organisation=owner.organisation)

    erasure = left(owner)

    assert (erasure.reason, erasure.kind) == (ErasureReason.OFFBOARDING, "organisation")
    assert erasure.object_id == owner.organisation.pk
    assert fresh(owner.organisation).state == OrganisationState.SUSPENDED
    assert not fresh(session).is_open
    with tenant(owner.organisation.pk):
        last = AuditRecord.objects.order_by("-number").first()
        assert (last.action, last.facts) == (AuditAction.OFFBOARDING_BEGUN, {"export": False})
        assert Offboarding.objects.get().erasure_id == erasure.pk


def test_another_name_is_not_meant(owner):
    assert refusal(owner, "Another organisation") == "name_differs"


@pytest.mark.parametrize("state", [OffboardingState.EXPORTING, OffboardingState.FAILED, None])
def test_who_has_taken_nothing_along_does_not_leave(owner, state):
    with tenant(owner.organisation.pk):
        if state:
            Offboarding.objects.update(state=state)
        else:
            Offboarding.objects.all().delete()
    assert refusal(owner) == "export_not_ready"


@pytest.mark.parametrize(
    ("parts", "taken", "hours", "code"),
    [(2, [1], 1, "export_not_taken"), (2, [], 1, "export_not_taken"), (2, [1, 2], 25, "export_outdated")],
)
def test_who_has_not_all_of_it_as_it_is_now_does_not_leave(owner, parts, taken, hours, code):
    with tenant(owner.organisation.pk):
        row = Offboarding.objects.get()
        for number in range(1, parts + 1):
            OffboardingPartFactory(offboarding=row, number=number)
        for number in taken:
            record(AuditAction.OFFBOARDING_TAKEN, owner.organisation, part=number)
        row.ready_at = timezone.now() - timedelta(hours=hours)
        row.save()
    assert refusal(owner) == code
    with tenant(owner.organisation.pk):
        for number in range(1, parts + 1):
            record(AuditAction.OFFBOARDING_TAKEN, owner.organisation, part=number)
        Offboarding.objects.update(ready_at=timezone.now() - timedelta(hours=23))
    assert left(owner)


def test_a_hold_stands_in_the_way_until_it_is_over(owner):
    hold = LegalHoldFactory(organisation=owner.organisation)
    LegalHoldFactory()  # another organisation's
    assert refusal(owner) == "legal_hold"
    with tenant(owner.organisation.pk):
        hold.until = timezone.now().date() - timedelta(days=1)
        hold.save()
        assert leaving.holds() == 0
    assert left(owner)


def test_it_is_left_once(owner):
    left(owner)
    with pytest.raises(UserError) as refused:
        left(owner)
    assert refused.value.code == "organisation_leaving"
    with tenant(owner.organisation.pk), pytest.raises(UserError):
        exports.begin(owner.organisation, owner.user)


def test_the_link_tells_how_far_it_is_and_gives_the_certificate(owner):
    erasure = left(owner)
    token = leaving.receipt(erasure).split("/")[2]

    before = leaving.read_receipt(token)
    with tenant(owner.organisation.pk):
        erasures.work(erasure.pk)
    after = leaving.read_receipt(token)

    assert (before.is_done, before.certificate) == (False, None)
    assert after.is_done
    assert after.things > 0
    told = leaving.certificate_file(after.certificate)
    assert told["body"]["erasure"] == str(erasure.pk)
    assert owner.user.email not in str(told)


def test_a_link_that_we_never_signed_leads_nowhere(owner):
    token = leaving.receipt(left(owner)).split("/")[2]
    with pytest.raises(Http404):
        leaving.read_receipt(token[:-2] + ("aa" if token[-2:] != "aa" else "bb"))


def test_the_link_is_mailed_and_the_mail_names_nobody(owner):
    erasure = left(owner)

    leaving.send_receipt(erasure, owner.user.email)

    (sent,) = mail.outbox
    assert sent.to == [owner.user.email]
    (link,) = re.findall(r"http\S+", sent.body)
    assert link.endswith(leaving.receipt(erasure))
    assert owner.organisation.name not in sent.body + sent.subject
