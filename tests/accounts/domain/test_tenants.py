import pytest
from django.utils import timezone

from accounts.actor import acting
from accounts.audit_actions import AuditAction
from accounts.domain import quotas, staff, tenants
from accounts.domain.audit import record
from accounts.domain.invitations import accept_invitation, find_invitation
from accounts.enums import OrganisationState, Role
from accounts.models import AuditParty, AuditRecord, Invitation, Membership, Organisation
from accounts.places import places
from analysis.doors import MOST
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import (
    ErasureFactory,
    MembershipFactory,
    OffboardingFactory,
    OrganisationFactory,
    RecordingFactory,
    StaffSessionFactory,
    UserFactory,
)
from tests.support.staff import platform_person
from tests.support.tenants import every, fresh, save


@pytest.fixture
def admin(db):
    return platform_person(email="admin@platform.example", full_name="Ada")


def listed(search="", *, with_usage=False):
    return tenants.Listed(search, with_usage=with_usage)


def names(search=""):
    return [row.name for row in listed(search)[0:25]]


def last_line(organisation):
    """Action, facts, e-mail address of who did it, and their staff session."""
    with tenant(organisation.pk):
        line = AuditRecord.objects.first()
        return line.action, line.facts, AuditParty.objects.get(pk=line.actor).name, line.staff_session


def test_each_line_tells_of_its_own_organisation(organisation, owner, viewer, outsider):
    RecordingFactory(project__organisation=organisation, size=300)
    before = timezone.now()
    with tenant(organisation.pk):
        record(AuditAction.PROJECT_CREATED)
    save(outsider.organisation, name="zebra", state=OrganisationState.SUSPENDED)

    ours, theirs = listed(with_usage=True)[0:25]

    assert (ours.id, ours.name, ours.slug) == (organisation.pk, "Harbour Institute", "harbour")
    assert (ours.members, ours.usage) == (2, quotas.Usage(1, 300))
    assert (ours.state, ours.state_name) == ("active", "Active")
    assert ours.created_at == organisation.created_at
    assert before <= ours.active_at <= timezone.now()
    assert (theirs.name, theirs.state_name, theirs.members) == ("zebra", "Suspended", 1)
    assert (theirs.usage, theirs.active_at) == (quotas.Usage(), None)


def test_what_platform_staff_did_is_no_activity_of_the_organisation(organisation):
    session = StaffSessionFactory(organisation=organisation)
    with tenant(organisation.pk), acting(staff.staff_actor(session.user, organisation, session)):
        record(AuditAction.STAFF_REQUEST)

    assert [row.active_at for row in listed()[0:25]] == [None]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["100% Sure", "Harbour Institute", "Sea_Office"]),
        ("INSTI", ["Harbour Institute"]),
        (" harbour ", ["Harbour Institute"]),
        ("%", ["100% Sure"]),
        ("_", ["Sea_Office"]),
        ("!", []),
        ("wa\0ter", ["Sea_Office"]),
    ],
)
def test_the_search_looks_at_names_and_addresses(organisation, search, found):
    OrganisationFactory(name="Sea_Office", slug="water")
    OrganisationFactory(name="100% Sure", slug="sure")

    assert names(search) == found
    assert listed(search).count() == len(listed(search)) == len(found)


def test_pages_follow_each_other(db):
    for number in range(7):
        OrganisationFactory(name=f"Number {number}")

    assert listed().count() == 7
    assert [row.name for row in listed()[3:5]] == ["Number 3", "Number 4"]
    assert [row.name for row in listed()[6:9]] == ["Number 6"]


def test_a_page_costs_the_same_for_few_and_for_many(db, django_assert_num_queries):
    assert tenants.PAGE <= MOST
    for number in range(tenants.PAGE):
        OrganisationFactory(name=f"Number {number}")
        if number in {0, tenants.PAGE - 1}:
            with django_assert_num_queries(2):
                assert len(listed(with_usage=True)[0 : tenants.PAGE]) == number + 1


def test_the_owner_comes_in_by_invitation(admin):
    made, issued = tenants.make(admin, "Sea Office", "Europe/Berlin", "Owner@sea.example")
    person = UserFactory(email="owner@sea.example")

    with tenant(made.pk):
        assert not Membership.objects.exists()
    accept_invitation(find_invitation(issued.secret), person)

    assert [(place.name, place.role) for place in places(person)] == [("Sea Office", Role.OWNER)]
    assert (made.slug, made.time_zone, made.state) == ("sea-office", "Europe/Berlin", "active")


def test_the_trail_begins_with_the_person_of_the_platform(admin):
    made, _issued = tenants.make(admin, "Sea Office", "UTC", "owner@sea.example")

    with tenant(made.pk):
        lines = list(AuditRecord.objects.order_by("number"))
        people = {AuditParty.objects.get(pk=line.actor).name for line in lines}
    assert [line.action for line in lines] == [
        AuditAction.ORGANISATION_CREATED,
        AuditAction.MEMBER_INVITED,
    ]
    assert people == {"Ada <admin@platform.example>"}


def test_another_invitation_takes_the_place_of_the_first(admin):
    made, first = tenants.make(admin, "Sea Office", "UTC", "wrong@sea.example")

    second = tenants.invite_owner(admin, made.pk, "right@sea.example")

    with pytest.raises(UserError, match="invitation_invalid"):
        find_invitation(first.secret)
    assert find_invitation(second.secret).email == "right@sea.example"
    third = tenants.invite_owner(admin, made.pk, "right@sea.example")
    assert find_invitation(third.secret).role == Role.OWNER


def test_an_organisation_with_an_owner_invites_by_itself(admin, owner):
    with pytest.raises(UserError) as caught:
        tenants.invite_owner(admin, owner.organisation_id, "admin@platform.example")

    assert caught.value.code == "has_owner"
    assert every(Invitation) == []


def test_nobody_is_invited_into_a_closed_organisation(admin, organisation):
    save(organisation, state=OrganisationState.CLOSED)

    with pytest.raises(UserError, match="organisation_closed"):
        tenants.invite_owner(admin, organisation.pk, "owner@sea.example")
    assert every(Invitation) == []


def test_suspended_and_opened_again(admin, organisation):
    tenants.suspend(admin, organisation.pk, " The invoice is open. ")

    found = fresh(organisation)
    assert (found.state, found.state_reason) == ("suspended", "The invoice is open.")
    assert found.state_changed_at is not None
    assert last_line(organisation) == (
        AuditAction.ORGANISATION_STATE,
        {"before": "active", "after": "suspended"},
        "Ada <admin@platform.example>",
        None,
    )

    tenants.reopen(admin, organisation.pk)
    found = fresh(organisation)
    assert (found.state, found.state_reason) == ("active", "")
    assert last_line(organisation)[1] == {"before": "suspended", "after": "active"}


@pytest.mark.parametrize("state", [OrganisationState.ACTIVE, OrganisationState.SUSPENDED])
def test_closing_ends_sessions_and_erases_nothing(admin, owner, state):
    organisation = save(owner.organisation, state=state)
    recording = RecordingFactory(project__organisation=organisation)
    session = StaffSessionFactory(organisation=organisation)

    tenants.close(admin, organisation.pk, "They left.")

    assert fresh(organisation).state == OrganisationState.CLOSED
    assert not fresh(session).is_open
    assert fresh(recording) == recording
    assert fresh(owner) == owner
    assert places(owner.user) == []


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("suspended", lambda admin, pk: tenants.suspend(admin, pk, "Again")),
        ("closed", lambda admin, pk: tenants.suspend(admin, pk, "Again")),
        ("active", tenants.reopen),
        ("closed", tenants.reopen),
        ("closed", lambda admin, pk: tenants.close(admin, pk, "Again")),
    ],
)
def test_what_does_not_fit_the_state_is_refused(admin, organisation, state, change):
    save(organisation, state=state, state_reason="The first reason")

    with pytest.raises(UserError) as caught:
        change(admin, organisation.pk)

    assert (caught.value.code, caught.value.status) == ("state_differs", 409)
    assert state in str(caught.value.sentence)
    found = fresh(organisation)
    assert (found.state, found.state_reason) == (state, "The first reason")
    assert every(AuditRecord) == []


def test_no_other_organisation_changes(admin, organisation, outsider):
    tenants.close(admin, organisation.pk, "They left.")
    tenants.set_quotas(admin, organisation.pk, tenants.Quotas(1, 1, 1))

    other = fresh(outsider.organisation)
    assert (other.state, other.quota_members, other.quota_bytes) == ("active", None, None)


def test_they_are_set_told_and_taken_away(admin, organisation):
    tenants.set_quotas(admin, organisation.pk, tenants.Quotas(5, 0, 2**33))

    found = fresh(organisation)
    assert (found.quota_members, found.quota_recordings, found.quota_bytes) == (5, 0, 2**33)
    assert last_line(organisation)[:2] == (
        AuditAction.QUOTAS_CHANGED,
        {"members": 5, "recordings": 0, "bytes": 2**33},
    )

    tenants.set_quotas(admin, organisation.pk, tenants.Quotas())
    assert fresh(organisation).quota_members is None
    assert last_line(organisation)[1] == {"members": None, "recordings": None, "bytes": None}


def test_usage_stands_against_them(owner, viewer):
    RecordingFactory(project__organisation=owner.organisation, size=500)
    organisation = save(owner.organisation, quota_members=8, quota_bytes=400)

    used = tenants.used_quotas(organisation)

    assert (used.members.used, used.members.most, used.members.share) == (2, 8, 25)
    assert (used.recordings.used, used.recordings.share) == (1, None)
    assert (used.size.used, used.size.share) == (500, 100)
    assert tenants.Used(0, 0).share == 100


def test_members_elsewhere_do_not_count(organisation):
    MembershipFactory()

    assert tenants.used_quotas(organisation).members.used == 0
    assert len(every(Organisation)) == 2


def test_an_organisation_that_leaves_is_not_opened_again(admin):
    organisation = OrganisationFactory(state=OrganisationState.SUSPENDED)
    OffboardingFactory(organisation=organisation, erasure=ErasureFactory(organisation=organisation))

    with pytest.raises(UserError) as refused:
        tenants.reopen(admin, organisation.pk)

    assert refused.value.code == "organisation_leaving"
    assert fresh(organisation).state == OrganisationState.SUSPENDED
