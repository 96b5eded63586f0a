from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from accounts.access import access_organisation
from accounts.actor import acting
from accounts.audit_actions import AuditAction
from accounts.domain import staff
from accounts.domain.audit import record
from accounts.domain.invitations import invite
from accounts.domain.members import change_role, transfer_ownership
from accounts.enums import OrganisationState, PlatformRole, Role
from accounts.forms.platform import DURATIONS
from accounts.models import AuditRecord, Invitation, Membership, StaffSession
from accounts.permissions import Action
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, OrganisationFactory, StaffSessionFactory
from tests.support.people import invited
from tests.support.staff import platform_person
from tests.support.tenants import every, fresh, save

REASON = "They asked why an analysis failed."


def opened(organisation, user=None, minutes=60):
    return staff.open_session(user or platform_person(), organisation.pk, REASON, minutes)


def trail(organisation):
    with tenant(organisation.pk):
        return list(AuditRecord.objects.order_by("number"))


def test_a_session_lets_in_until_its_time(organisation):
    user, before = platform_person(PlatformRole.SUPPORT), timezone.now()
    session = opened(organisation, user, minutes=15)

    actor = access_organisation(user, "harbour")

    assert actor.staff_session == session
    assert actor.membership is None
    assert timedelta(minutes=14) < session.ends_at - before < timedelta(minutes=16)
    save(session, ends_at=timezone.now())
    with pytest.raises(Http404):
        access_organisation(user, "harbour")


def test_the_trail_tells_of_beginning_and_end(organisation):
    user = platform_person(PlatformRole.SUPPORT)
    session = opened(organisation, user, minutes=30)

    assert staff.end_own_session(fresh(session))
    assert not staff.end_own_session(fresh(session))

    lines = trail(organisation)
    assert [(line.action, line.facts) for line in lines] == [
        (AuditAction.STAFF_SESSION_OPENED, {"role": "support", "minutes": 30}),
        (AuditAction.STAFF_SESSION_CLOSED, {"by_organisation": False}),
    ]
    assert {line.staff_session for line in lines} == {session.pk}
    assert len({line.actor for line in lines}) == 1
    assert lines[0].actor is not None
    assert REASON not in str([line.facts for line in lines])


def test_a_session_opens_one_organisation(organisation):
    user = platform_person()
    opened(organisation, user)
    OrganisationFactory(slug="elsewhere")

    assert access_organisation(user, "harbour").organisation == organisation
    with pytest.raises(Http404):
        access_organisation(user, "elsewhere")
    with pytest.raises(Http404):
        access_organisation(platform_person(), "harbour")


def test_of_one_person_one_session_is_open_in_an_organisation(organisation):
    user = platform_person()
    first = opened(organisation, user)

    with pytest.raises(UserError) as caught:
        opened(organisation, user)
    assert caught.value.code == "staff_session_open"

    opened(OrganisationFactory(), user)
    staff.end_own_session(fresh(first))
    opened(organisation, user)
    with tenant(organisation.pk):
        assert StaffSession.objects.count() == 2


def test_members_need_no_session(owner):
    owner.user.platform_role = PlatformRole.ADMIN
    owner.user.save()

    with pytest.raises(UserError) as caught:
        opened(owner.organisation, owner.user)

    assert caught.value.code == "already_member"
    assert every(StaffSession) == []


@pytest.mark.parametrize("state", OrganisationState)
def test_a_closed_organisation_lets_nobody_in(organisation, state):
    user = platform_person()
    save(organisation, state=state)
    if state != OrganisationState.CLOSED:
        opened(organisation, user)
        assert access_organisation(user, "harbour").organisation == organisation
        return
    with pytest.raises(UserError) as caught:
        opened(organisation, user)
    assert caught.value.code == "organisation_closed"


def test_a_session_that_was_open_when_the_organisation_closed_is_void(organisation):
    user = platform_person()
    opened(organisation, user)
    save(organisation, state=OrganisationState.CLOSED)

    with pytest.raises(Http404):
        access_organisation(user, "harbour")


@pytest.mark.parametrize(
    ("reason", "minutes"), [("too short", 60), (" " * 20, 60), (REASON, 10), (REASON, 300)]
)
def test_what_the_form_refuses_the_domain_refuses(organisation, reason, minutes):
    with pytest.raises(ValueError, match=str(minutes)):
        staff.open_session(platform_person(), organisation.pk, reason, minutes)
    assert every(StaffSession) == []


def test_who_does_not_work_for_the_platform_or_at_the_sales_desk_opens_nothing(organisation, outsider):
    for user in (outsider.user, platform_person(PlatformRole.SALES)):
        with pytest.raises(ValueError, match="60"):
            opened(organisation, user)
    assert every(StaffSession) == []


def test_a_person_who_left_the_platform_is_out_at_once(organisation):
    user = platform_person()
    opened(organisation, user)
    for role in (PlatformRole.NONE, PlatformRole.SALES):
        user.platform_role = role
        user.save()
        with pytest.raises(Http404):
            access_organisation(user, "harbour")


@pytest.mark.parametrize("role", [PlatformRole.NONE, PlatformRole.SALES])
def test_taking_the_role_away_ends_the_sessions_for_good(organisation, role):
    user = platform_person()
    session, elsewhere = opened(organisation, user), opened(OrganisationFactory(), user)
    others = opened(organisation)

    staff.set_platform_role(user, PlatformRole.SUPPORT)
    assert fresh(session).is_open
    staff.set_platform_role(user, role)
    staff.set_platform_role(user, PlatformRole.ADMIN)

    with pytest.raises(Http404):
        access_organisation(user, "harbour")
    assert not fresh(session).is_open
    assert not fresh(elsewhere).is_open
    assert fresh(others).is_open
    assert trail(organisation)[-1].action == AuditAction.STAFF_SESSION_CLOSED


def test_sessions_of_a_person_are_found_and_nobody_elses(organisation):
    user = platform_person()
    long, short = opened(organisation, user, 240), opened(OrganisationFactory(name="Sea Office"), user, 15)
    opened(organisation)
    save(opened(OrganisationFactory(), user), closed_at=timezone.now())
    save(opened(OrganisationFactory(), user), ends_at=timezone.now())

    found = staff.open_sessions_of(user)

    assert found == [short, long]
    assert [session.organisation.name for session in found] == ["Sea Office", "Harbour Institute"]


def test_requests_are_counted_for_each_session(organisation):
    sessions = [opened(organisation) for _ in range(2)]
    with tenant(organisation.pk):
        for session, requests in zip(sessions, (2, 0), strict=True):
            with acting(staff.staff_actor(session.user, organisation, session)):
                for _ in range(requests):
                    record(AuditAction.STAFF_REQUEST)
                record(AuditAction.RECORDING_VIEWED)

        assert [told.requests for told in staff.told(sessions)] == [2, 0]


def test_the_organisation_ends_every_session(organisation):
    sessions = [opened(organisation) for _ in range(2)]
    elsewhere = opened(OrganisationFactory())

    with tenant(organisation.pk):
        staff.end_sessions()

    assert not any(fresh(session).is_open for session in sessions)
    assert fresh(elsewhere).is_open
    assert [line.facts for line in trail(organisation)[-2:]] == [{"by_organisation": True}] * 2


class TestNoStandingAccess:
    """A session lets nobody in, whatever the page that asks for it has looked at."""

    @pytest.fixture
    def inside(self, owner):
        session = opened(owner.organisation)
        actor = access_organisation(session.user, "harbour")
        assert actor.can.manage_organisation
        with tenant(owner.organisation_id), acting(actor):
            yield actor

    @pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN, Role.VIEWER, Role.GUEST])
    def test_nobody_is_invited(self, inside, role):
        other = platform_person(PlatformRole.SALES, email="sales@example.org")

        for email in (inside.user.email, other.email, "straw.man@example.org"):
            with pytest.raises(UserError) as caught:
                invite(inside.organisation, email, role, by=inside)
            assert caught.value.code == "staff_cannot_join"
        assert not Invitation.objects.exists()

    def test_nobody_is_made_owner_nor_the_owner_changed(self, inside, owner, viewer):
        for change in (
            lambda: change_role(inside, viewer, Role.OWNER),
            lambda: change_role(inside, owner, Role.VIEWER),
            lambda: transfer_ownership(inside, viewer),
        ):
            with pytest.raises(UserError) as caught:
                change()
            assert caught.value.code == "owner_needed"
        roles = Membership.objects.order_by("pk").values_list("role", flat=True)
        assert sorted(roles) == ["owner", "viewer"]

    def test_an_owner_may_invite_somebody_of_the_platform(self, owner):
        assert invited(owner, platform_person().email).invitation.role == Role.ANALYST


BEYOND = {
    Action.EXPORT,
    Action.UPLOAD,
    Action.MANAGE_PROJECTS,
    Action.DELETE,
    Action.USE_TOKENS,
    Action.MANAGE_TOKENS,
    Action.MANAGE_MEMBERS,
    Action.MANAGE_SECURITY,
    Action.MANAGE_OWNERS,
}


@pytest.mark.parametrize("role", [PlatformRole.SUPPORT, PlatformRole.ADMIN])
def test_no_session_allows_to_change_recordings_hold_tokens_or_let_somebody_in(organisation, role):
    user = platform_person(role)
    opened(organisation, user)

    actor = access_organisation(user, "harbour")

    assert actor.may(Action.VIEW)
    assert {action for action in BEYOND if actor.may(action)} == set()


def test_every_duration_has_a_name():
    assert tuple(DURATIONS) == staff.MINUTES


def test_a_membership_counts_before_a_session(organisation):
    """Who became a member meanwhile works as that."""
    session = StaffSessionFactory(organisation=organisation)
    MembershipFactory(organisation=organisation, user=session.user, role=Role.VIEWER)

    actor = access_organisation(session.user, "harbour")

    assert (actor.staff_session, actor.membership.role) == (None, Role.VIEWER)
