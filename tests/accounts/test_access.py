from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from accounts.access import (
    access_invitation,
    access_membership,
    access_organisation,
    access_own_staff_session,
    access_project,
    access_staff_session,
    access_subject,
    access_tenant,
)
from accounts.enums import OrganisationState, PlatformRole, Role
from accounts.models import StaffSession
from accounts.permissions import Action
from echodepth.tenancy import tenant
from tests.factories import OrganisationFactory, ProjectFactory, SubjectFactory, UserFactory
from tests.support.people import invited
from tests.support.tenants import save


def opened(user, organisation, **changes):
    with tenant(organisation.pk):
        return StaffSession.objects.create(
            **{
                "organisation": organisation,
                "user": user,
                "reason": "Asked to look",
                "ends_at": timezone.now() + timedelta(hours=1),
                **changes,
            }
        )


def test_what_is_another_organisations_is_not_there(organisation, owner, outsider):
    ours, theirs = SubjectFactory(project__organisation=organisation), SubjectFactory()

    with tenant(organisation.pk):
        assert access_project(ours.project_id) == ours.project
        assert access_subject(ours.project_id, ours.pk) == ours
        for project_id in (theirs.project_id, uuid4()):
            with pytest.raises(Http404):
                access_project(project_id)
        with pytest.raises(Http404):
            access_subject(theirs.project_id, theirs.pk)
        assert access_membership(owner.pk) == owner
        with pytest.raises(Http404):
            access_membership(outsider.pk)


def test_a_subject_is_found_under_its_own_project_only(organisation):
    subject = SubjectFactory(project__organisation=organisation)
    other = ProjectFactory(organisation=organisation)

    with tenant(organisation.pk), pytest.raises(Http404):
        access_subject(other.pk, subject.pk)


def test_an_open_invitation_is_found_in_its_organisation(owner, outsider):
    ours = invited(owner, "a@example.org").invitation
    over = save(invited(owner, "b@example.org").invitation, revoked_at=timezone.now())
    theirs = invited(outsider, "a@example.org").invitation

    with tenant(owner.organisation_id):
        assert access_invitation(ours.pk) == ours
        for other in (over.pk, theirs.pk, uuid4()):
            with pytest.raises(Http404):
                access_invitation(other)


def test_a_member_enters_with_their_role(analyst):
    found = access_organisation(analyst.user, "harbour")

    assert (found.membership, found.organisation, found.can.role) == (
        analyst,
        analyst.organisation,
        Role.ANALYST,
    )
    assert found.staff_session is None


def test_who_is_no_member_is_told_what_is_told_of_no_organisation(analyst, outsider):
    answers = []
    for user, slug in (
        (outsider.user, "harbour"),
        (outsider.user, "nowhere"),
        (AnonymousUser(), "harbour"),
        (UserFactory(platform_role=PlatformRole.ADMIN), "harbour"),
    ):
        with pytest.raises(Http404) as caught:
            access_organisation(user, slug)
        answers.append(str(caught.value))
    assert len(set(answers)) == 1


def test_somebody_switched_off_enters_nowhere(analyst):
    analyst.user.is_active = False
    analyst.user.save()

    with pytest.raises(Http404):
        access_organisation(analyst.user, "harbour")


def test_a_closed_organisation_is_not_there(owner):
    save(owner.organisation, state=OrganisationState.CLOSED)

    with pytest.raises(Http404):
        access_organisation(owner.user, "harbour")


def test_staff_enter_by_an_open_session_alone(organisation):
    support = UserFactory(platform_role=PlatformRole.SUPPORT)
    opened(support, OrganisationFactory())
    opened(support, organisation, ends_at=timezone.now())
    opened(support, organisation, closed_at=timezone.now())
    opened(UserFactory(platform_role=PlatformRole.ADMIN), organisation)
    with pytest.raises(Http404):
        access_organisation(support, "harbour")

    session = opened(support, organisation)
    found = access_organisation(support, "harbour")
    assert (found.staff_session, found.membership, found.can.role) == (session, None, PlatformRole.SUPPORT)

    support.platform_role = PlatformRole.NONE
    support.save()
    with pytest.raises(Http404):
        access_organisation(support, "harbour")


@pytest.fixture
def desk(db):
    return OrganisationFactory(slug="samples", is_desk=True)


@pytest.mark.parametrize("role", [PlatformRole.SALES, PlatformRole.ADMIN])
def test_the_desks_people_enter_its_organisation_without_a_session_and_no_other(desk, organisation, role):
    user = UserFactory(platform_role=role)

    found = access_organisation(user, "samples")

    assert (found.organisation, found.membership, found.staff_session) == (desk, None, None)
    assert found.may(Action.REVIEW)
    with pytest.raises(Http404):
        access_organisation(user, "harbour")


def test_nobody_else_enters_the_desk(desk, owner):
    for user in (owner.user, UserFactory(platform_role=PlatformRole.SUPPORT), AnonymousUser()):
        with pytest.raises(Http404):
            access_organisation(user, "samples")


@pytest.mark.parametrize("state", [OrganisationState.SUSPENDED, OrganisationState.CLOSED])
def test_a_desk_that_is_shut_is_not_there(desk, state):
    save(desk, state=state)

    with pytest.raises(Http404):
        access_organisation(UserFactory(platform_role=PlatformRole.SALES), "samples")


def test_a_session_of_who_went_to_sales_opens_nothing(organisation):
    sales = UserFactory(platform_role=PlatformRole.SALES)
    opened(sales, organisation)

    with pytest.raises(Http404):
        access_organisation(sales, "harbour")


def test_the_platform_finds_organisations_and_its_own_sessions(organisation):
    support, colleague = UserFactory.create_batch(2, platform_role=PlatformRole.SUPPORT)
    session = opened(support, organisation)
    elsewhere = opened(support, OrganisationFactory())

    assert access_tenant(organisation.pk) == organisation
    assert access_own_staff_session(support, organisation.pk, session.pk) == session
    with tenant(organisation.pk):
        assert access_staff_session(session.pk).user == support
        with pytest.raises(Http404):
            access_staff_session(elsewhere.pk)
    for attempt in (
        lambda: access_tenant(uuid4()),
        lambda: access_own_staff_session(colleague, organisation.pk, session.pk),
        lambda: access_own_staff_session(support, organisation.pk, elsewhere.pk),
    ):
        with pytest.raises(Http404):
            attempt()
