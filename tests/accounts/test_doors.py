"""What each door answers: the one asked for, never a neighbour, and nothing of what is over."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts import doors
from accounts.doors import DOORS, organisation_named
from accounts.enums import OrganisationState, Role
from tests.factories import (
    ApiTokenFactory,
    AuditRecordFactory,
    ConsentFactory,
    DomainFactory,
    IdentityProviderFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    StaffSessionFactory,
    UserFactory,
)
from tests.support.tenants import save


@pytest.fixture
def elsewhere(db):
    return OrganisationFactory(name="Elsewhere", slug="elsewhere")


def in_session(user, slug):
    return doors.STAFF_SESSION_IN.open(user_id=user.pk, slug=slug, now=timezone.now())


def listed(pattern, skipped=0, most=10):
    return doors.ORGANISATIONS_LISTED.open(pattern=pattern, skipped=skipped, most=most)


def test_doors_have_names_of_their_own_and_all_are_listed():
    declared = {thing.name for thing in vars(doors).values() if isinstance(thing, doors.Door)}

    assert declared == {door.name for door in DOORS}
    assert len({door.name for door in DOORS}) == len(DOORS)
    assert all(door.name.startswith("door_") for door in DOORS)


def test_a_membership_opens_its_own_organisation(analyst, outsider, elsewhere):
    def door(member, slug):
        return doors.MEMBERSHIP_IN.open(user_id=member.user_id, slug=slug)

    assert door(analyst, "harbour") == [(analyst.organisation_id,)]
    assert door(analyst, "elsewhere") == door(outsider, "harbour") == door(analyst, "nowhere") == []
    save(analyst.organisation, state=OrganisationState.CLOSED)
    assert door(analyst, "harbour") == []


def test_a_person_has_their_memberships_by_name_and_no_closed_ones(analyst, outsider):
    first = MembershipFactory(user=analyst.user, organisation__name="A Office", role=Role.VIEWER)
    closed = MembershipFactory(user=analyst.user)
    save(closed.organisation, state=OrganisationState.CLOSED)
    save(first.organisation, state=OrganisationState.SUSPENDED)

    found = doors.MEMBERSHIPS_OF.open(user_id=analyst.user_id)
    places = doors.PLACES_OF.open(user_id=analyst.user_id)

    assert found == [(first.organisation_id,), (analyst.organisation_id,)]
    assert [place[0] for place in places] == [first.organisation_id, analyst.organisation_id]
    assert places[1][1:] == ("harbour", "Harbour Institute", "Europe/Berlin", "analyst", None)


def test_a_guests_place_names_the_run(organisation):
    run = uuid4()
    guest = MembershipFactory(organisation=organisation, role=Role.GUEST, guest_of=run)

    assert doors.PLACES_OF.open(user_id=guest.user_id)[0][-2:] == ("guest", run)


@pytest.mark.parametrize("state", OrganisationState.values)
def test_an_organisation_is_found_by_its_address_in_any_state(organisation, elsewhere, state):
    save(organisation, state=state)

    assert organisation_named("harbour") == organisation.pk
    assert organisation_named("Harbour") is None
    assert doors.ORGANISATIONS.open() == [(elsewhere.pk, "elsewhere"), (organisation.pk, "harbour")]


def test_a_staff_session_opens_while_it_lasts_for_its_person_and_place(organisation, elsewhere):
    session = StaffSessionFactory(organisation=organisation)
    user, colleague = session.user, UserFactory()
    there = StaffSessionFactory(organisation=elsewhere, user=user)
    rows = doors.STAFF_SESSIONS_OF.open(user_id=user.pk, now=timezone.now())

    assert in_session(user, "harbour") == [(organisation.pk, session.pk)]
    assert in_session(colleague, "harbour") == in_session(user, "nowhere") == []
    assert sorted(rows) == sorted([(organisation.pk, session.pk), (elsewhere.pk, there.pk)])
    assert doors.STAFF_SESSIONS_OF.open(user_id=colleague.pk, now=timezone.now()) == []


@pytest.mark.parametrize(
    "changes",
    [{"ends_at": timezone.now() - timedelta(seconds=1)}, {"closed_at": timezone.now()}],
)
def test_a_staff_session_that_is_over_opens_nothing(organisation, changes):
    session = StaffSessionFactory(organisation=organisation, **changes)

    assert in_session(session.user, "harbour") == []
    assert doors.STAFF_SESSIONS_OF.open(user_id=session.user.pk, now=timezone.now()) == []


def test_a_closed_organisation_lets_no_staff_in(organisation):
    session = StaffSessionFactory(organisation=organisation)
    save(organisation, state=OrganisationState.CLOSED)

    assert in_session(session.user, "harbour") == []


def test_a_consent_s_link_opens_it_in_any_state_of_the_organisation(organisation, elsewhere):
    ours, theirs = (
        ConsentFactory(subject__project__organisation=place) for place in (organisation, elsewhere)
    )
    attested = ConsentFactory(subject=ours.subject, token_hash="")
    save(organisation, state=OrganisationState.CLOSED)

    def door(token_hash):
        return doors.CONSENT.open(token_hash=token_hash)

    assert door(ours.token_hash) == [(organisation.pk, ours.pk)]
    assert door(theirs.token_hash) == [(elsewhere.pk, theirs.pk)]
    assert door("0" * 64) == door(attested.token_hash) == door("%") == []


@pytest.mark.parametrize(
    ("door", "make"), [(doors.INVITATION, InvitationFactory), (doors.API_TOKEN, ApiTokenFactory)]
)
def test_a_secret_opens_what_it_is_of_by_its_hash(organisation, elsewhere, door, make):
    places = [
        {"membership": MembershipFactory(organisation=place)}
        if make is ApiTokenFactory
        else {"organisation": place}
        for place in (organisation, elsewhere)
    ]
    ours, theirs = (make(**place) for place in places)

    assert door.open(token_hash=ours.token_hash) == [(organisation.pk, ours.pk)]
    assert door.open(token_hash=theirs.token_hash) == [(elsewhere.pk, theirs.pk)]
    assert door.open(token_hash="0" * 64) == door.open(token_hash="") == door.open(token_hash="%") == []
    save(organisation, state=OrganisationState.CLOSED)
    assert door.open(token_hash=ours.token_hash) == []


def test_a_proven_domain_leads_to_its_own_provider(organisation, elsewhere):
    ours, theirs = (IdentityProviderFactory(organisation=place) for place in (organisation, elsewhere))
    domain = DomainFactory(organisation=organisation, name="harbour.example")
    DomainFactory(organisation=elsewhere, name="elsewhere.example")
    claimed = DomainFactory(organisation=elsewhere, name="claimed.example", proven_at=None)

    def door(name):
        return doors.PROVIDER_OF_DOMAIN.open(domain=name)

    assert door(domain.name) == [(organisation.pk, ours.pk)]
    assert door("elsewhere.example") == [(elsewhere.pk, theirs.pk)]
    assert door(claimed.name) == door("nowhere.example") == []
    save(ours, enabled=False)
    assert door(domain.name) == []


def test_the_platform_lists_organisations_by_part_of_the_name(organisation, elsewhere):
    MembershipFactory.create_batch(2, organisation=organisation)
    MembershipFactory(organisation=elsewhere)
    busy = AuditRecordFactory(organisation=organisation)
    AuditRecordFactory(organisation=elsewhere, staff_session=uuid4())

    assert doors.ORGANISATIONS_COUNTED.open(pattern="%") == [(2,)]
    assert doors.ORGANISATIONS_COUNTED.open(pattern="%institute%") == [(1,)]
    (row,) = listed("%institute%")
    assert row[:4] == (organisation.pk, "Harbour Institute", "harbour", "active")
    assert row[5:] == (2, busy.at)
    assert [name for _id, name, *_rest in listed("%")] == ["Elsewhere", "Harbour Institute"]
    assert [name for _id, name, *_rest in listed("%", skipped=1, most=1)] == ["Harbour Institute"]
    assert listed("%elsewhere%")[0][-1] is None


def test_what_is_typed_is_a_value_and_no_sql(organisation):
    for slug in ("' OR 1=1 --", "harbour' --", "%", "_" * 7):
        assert organisation_named(slug) is None
        assert doors.ORGANISATIONS_COUNTED.open(pattern=slug.replace("%", "!%").replace("_", "!_")) == [(0,)]
