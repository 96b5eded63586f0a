from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.utils import timezone

from accounts.domain import quotas
from accounts.domain.members import add_membership
from accounts.enums import Role
from accounts.models import Invitation, Membership
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import DocumentFactory, MembershipFactory, RecordingFactory, UserFactory
from tests.support.people import invited
from tests.support.tenants import save


def check(organisation, more=1):
    with tenant(organisation.pk), transaction.atomic():
        quotas.check_members(organisation.pk, more)


def refused(organisation, more=1):
    with pytest.raises(UserError) as caught:
        check(organisation, more)
    return caught.value


def test_without_a_quota_anybody_may_join(owner):
    check(owner.organisation, more=10_000)


def test_members_and_open_invitations_count(owner, outsider):
    save(owner.organisation, quota_members=3)
    check(owner.organisation, more=2)
    invited(owner, "new@example.org")
    invited(outsider, "elsewhere@example.org")
    check(owner.organisation)

    error = refused(owner.organisation, more=2)

    assert (error.code, error.status) == ("quota_members", 409)
    assert "may have 3 members" in str(error.sentence)
    assert "ask us for a larger quota" in str(error.sentence)


def test_invitations_that_cannot_be_accepted_do_not_count(owner):
    save(owner.organisation, quota_members=2)
    invitation = invited(owner, "new@example.org").invitation
    refused(owner.organisation)

    for gone in ({"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(seconds=1)}):
        with tenant(owner.organisation_id):
            Invitation.objects.filter(pk=invitation.pk).update(**gone)
            assert quotas.members_counted(owner.organisation_id) == 1
            Invitation.objects.filter(pk=invitation.pk).update(
                revoked_at=None, expires_at=timezone.now() + timedelta(days=1)
            )
    refused(owner.organisation)


def test_a_quota_below_what_is_there_removes_nobody(owner, viewer):
    save(owner.organisation, quota_members=0)

    refused(owner.organisation)

    with tenant(owner.organisation_id):
        assert Membership.objects.count() == 2


def test_usage_is_told_by_what_stores_it_for_each_organisation(owner, outsider):
    with_files = [RecordingFactory(project__organisation=owner.organisation, size=70) for _ in range(2)]
    DocumentFactory(project=with_files[0].project, size=5)
    RecordingFactory(project__organisation=outsider.organisation, size=1)

    told = quotas.usages([owner.organisation_id, outsider.organisation_id])

    assert told == {
        owner.organisation_id: quotas.Usage(2, 145),
        outsider.organisation_id: quotas.Usage(1, 1),
    }


@pytest.mark.django_db(transaction=True)
def test_of_two_who_join_at_once_one_finds_the_place_taken():
    owner = MembershipFactory(role=Role.OWNER)
    organisation = save(owner.organisation, quota_members=2)
    people, together = [UserFactory(), UserFactory()], Barrier(2)

    def join(user):
        try:
            with tenant(organisation.pk):
                together.wait(timeout=30)
                add_membership(organisation, user, Role.VIEWER)
        except UserError as error:
            return error.code
        finally:
            connections.close_all()
        return "joined"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(join, people))

    assert answers == ["joined", "quota_members"]
    with tenant(organisation.pk):
        assert Membership.objects.count() == 2
