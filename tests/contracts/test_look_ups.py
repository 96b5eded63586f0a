"""Each look-up before a tenant is known gives what it says and no more, the same on both databases."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from accounts.enums import OrganisationState, Role
from echodepth.fence import doors
from tests import factories
from tests.support.tenants import save

pytestmark = pytest.mark.django_db

SOON = timedelta(hours=1)


class Town:
    """A person in two organisations of three, and one of everything that leads into the first."""

    def __init__(self):
        self.now = timezone.now()
        self.ours = factories.OrganisationFactory(
            name="Harbour Institute",
            slug="harbour",
            time_zone="Europe/Berlin",
            shows_retention=True,
            is_desk=True,
        )
        self.second = factories.OrganisationFactory(name="Abbey", slug="abbey")
        self.theirs = factories.OrganisationFactory(name="Elsewhere", slug="elsewhere")
        self.user = factories.UserFactory()
        self.member = factories.MembershipFactory(organisation=self.ours, user=self.user, role=Role.VIEWER)
        self.run = factories.RunFactory(recording__project__organisation=self.second)
        factories.MembershipFactory(
            organisation=self.second, user=self.user, role=Role.GUEST, guest_of=self.run.pk
        )
        factories.MembershipFactory(organisation=self.theirs)
        self.staff = factories.UserFactory(platform_role="support")
        self.session = factories.StaffSessionFactory(
            organisation=self.ours, user=self.staff, ends_at=self.now + SOON
        )
        factories.StaffSessionFactory(organisation=self.theirs, user=self.staff, ends_at=self.now - SOON)
        self.invitation = factories.InvitationFactory(organisation=self.ours)
        self.token = factories.ApiTokenFactory(membership=self.member)
        self.consent = factories.ConsentFactory(subject__project__organisation=self.ours)
        factories.ConsentFactory(subject__project__organisation=self.ours, token_hash="")
        self.provider = factories.IdentityProviderFactory(organisation=self.ours)
        self.domain = factories.DomainFactory(organisation=self.ours, name="harbour.example")
        factories.IdentityProviderFactory(organisation=self.theirs)
        factories.DomainFactory(organisation=self.theirs, name="unproven.example", proven_at=None)
        self.recording = factories.RecordingFactory(project__organisation=self.ours, size=7)
        self.line = factories.AuditRecordFactory(organisation=self.ours, at=self.now)
        factories.AuditRecordFactory(
            organisation=self.ours, at=self.now + SOON, staff_session=self.session.pk
        )

    def listed(self, organisation, members, active_at):
        facts = (organisation.name, organisation.slug, organisation.state, organisation.created_at)
        return (organisation.pk, *facts, members, active_at)


def usage_arguments(*asked):
    return {f"id_{number}": asked[number] if number < len(asked) else UUID(int=0) for number in range(25)}


# Door -> what is asked of a town, and the rows that are the answer.
CASES = {
    "door_membership_in": [
        (lambda t: {"user_id": t.user.pk, "slug": "harbour"}, lambda t: [(t.ours.pk,)]),
        (lambda t: {"user_id": t.user.pk, "slug": "elsewhere"}, lambda _t: []),
        (lambda t: {"user_id": t.staff.pk, "slug": "harbour"}, lambda _t: []),
    ],
    "door_memberships_of": [
        (lambda t: {"user_id": t.user.pk}, lambda t: [(t.second.pk,), (t.ours.pk,)]),
        (lambda t: {"user_id": t.staff.pk}, lambda _t: []),
    ],
    "door_places_of": [
        (
            lambda t: {"user_id": t.user.pk},
            lambda t: [
                (t.second.pk, "abbey", "Abbey", "UTC", "guest", t.run.pk),
                (t.ours.pk, "harbour", "Harbour Institute", "Europe/Berlin", "viewer", None),
            ],
        ),
    ],
    "door_organisation_named": [
        (lambda _t: {"slug": "harbour"}, lambda t: [(t.ours.pk,)]),
        (lambda _t: {"slug": "harbou%"}, lambda _t: []),
    ],
    "door_organisations": [
        (
            lambda _t: {},
            lambda t: [(t.second.pk, "abbey"), (t.theirs.pk, "elsewhere"), (t.ours.pk, "harbour")],
        ),
    ],
    "door_staff_session_in": [
        (
            lambda t: {"user_id": t.staff.pk, "slug": "harbour", "now": t.now},
            lambda t: [(t.ours.pk, t.session.pk)],
        ),
        (lambda t: {"user_id": t.staff.pk, "slug": "harbour", "now": t.now + 2 * SOON}, lambda _t: []),
        (lambda t: {"user_id": t.staff.pk, "slug": "elsewhere", "now": t.now}, lambda _t: []),
        (lambda t: {"user_id": t.user.pk, "slug": "harbour", "now": t.now}, lambda _t: []),
    ],
    "door_staff_sessions_of": [
        (lambda t: {"user_id": t.staff.pk, "now": t.now}, lambda t: [(t.ours.pk, t.session.pk)]),
        (lambda t: {"user_id": t.user.pk, "now": t.now}, lambda _t: []),
    ],
    "door_invitation": [
        (lambda t: {"token_hash": t.invitation.token_hash}, lambda t: [(t.ours.pk, t.invitation.pk)]),
        (lambda _t: {"token_hash": ""}, lambda _t: []),
    ],
    "door_consent": [
        (lambda t: {"token_hash": t.consent.token_hash}, lambda t: [(t.ours.pk, t.consent.pk)]),
        (lambda _t: {"token_hash": ""}, lambda _t: []),  # as those have that were given on paper
    ],
    "door_retention_shown": [
        (lambda _t: {"slug": "harbour"}, lambda t: [(t.ours.pk,)]),
        (lambda _t: {"slug": "elsewhere"}, lambda _t: []),  # which shows nothing
        (lambda _t: {"slug": "harbou%"}, lambda _t: []),
    ],
    "door_desk": [
        (lambda _t: {}, lambda t: [(t.ours.pk, "harbour")]),  # and none of the others
    ],
    "door_desk_kept": [
        (lambda _t: {}, lambda t: [(t.ours.pk, "harbour")]),
    ],
    "door_api_token": [
        (lambda t: {"token_hash": t.token.token_hash}, lambda t: [(t.ours.pk, t.token.pk)]),
        (lambda _t: {"token_hash": "%"}, lambda _t: []),
    ],
    "door_identity_provider": [
        (lambda t: {"provider_id": t.provider.pk}, lambda t: [(t.ours.pk,)]),
        (lambda _t: {"provider_id": uuid4()}, lambda _t: []),
    ],
    "door_provider_of_domain": [
        (lambda _t: {"domain": "harbour.example"}, lambda t: [(t.ours.pk, t.provider.pk)]),
        (lambda _t: {"domain": "unproven.example"}, lambda _t: []),
    ],
    "door_organisations_counted": [
        (lambda _t: {"pattern": "harbour%"}, lambda _t: [(1,)]),
        (lambda _t: {"pattern": "nobody%"}, lambda _t: [(0,)]),
    ],
    "door_organisations_listed": [
        (
            lambda _t: {"pattern": "%ab%", "skipped": 0, "most": 1},
            lambda t: [t.listed(t.second, 1, None)],
        ),
        (
            lambda _t: {"pattern": "harbour%", "skipped": 0, "most": 5},
            lambda t: [t.listed(t.ours, 1, t.line.at)],
        ),
        (lambda _t: {"pattern": "harbour%", "skipped": 1, "most": 5}, lambda _t: []),
    ],
    "door_usage": [
        (lambda t: usage_arguments(t.ours.pk), lambda t: [(t.ours.pk, 1, 7)]),
        (lambda _t: usage_arguments(), lambda _t: []),
    ],
}
CLOSED_ONES_ARE_LEFT_OUT = {
    "door_desk",
    "door_retention_shown",
    "door_membership_in",
    "door_memberships_of",
    "door_places_of",
    "door_staff_session_in",
    "door_invitation",
    "door_api_token",
    "door_identity_provider",
    "door_provider_of_domain",
}


@pytest.fixture
def town():
    return Town()


def test_every_look_up_has_its_cases():
    assert {door.name for door in doors()} <= set(CASES)


@pytest.mark.parametrize("door", doors(), ids=lambda door: door.name)
def test_it_gives_what_it_says(door, town):
    for ask, expected in CASES[door.name]:
        assert door.open(**ask(town)) == expected(town)


@pytest.mark.parametrize(
    "door", [door for door in doors() if door.name in CLOSED_ONES_ARE_LEFT_OUT], ids=lambda door: door.name
)
def test_nothing_leads_into_a_closed_organisation(door, town):
    ask, expected = CASES[door.name][0]
    assert any(row[0] == town.ours.pk for row in expected(town))

    save(town.ours, state=OrganisationState.CLOSED)

    assert all(row[0] != town.ours.pk for row in door.open(**ask(town)))


@pytest.mark.parametrize("door", doors(), ids=lambda door: door.name)
def test_it_returns_columns_of_the_kinds_it_says(door, town):
    kinds = {"uuid": UUID, "varchar": str, "bigint": int, "timestamptz": type(timezone.now())}
    for ask, _expected in CASES[door.name]:
        for row in door.open(**ask(town)):
            for value, kind in zip(row, door.returns.values(), strict=True):
                assert value is None or isinstance(value, kinds[kind])
