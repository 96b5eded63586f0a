from uuid import uuid4

from django.contrib.auth.models import AnonymousUser

from accounts.enums import OrganisationState, Role
from accounts.places import front_page, open_places, places
from tests.factories import MembershipFactory, OrganisationFactory
from tests.support.tenants import save


def test_a_person_s_organisations_by_name_and_no_others(viewer, outsider, django_assert_num_queries):
    run = uuid4()
    MembershipFactory(
        user=viewer.user,
        organisation__name="A Office",
        organisation__slug="a",
        role=Role.GUEST,
        guest_of=run,
    )
    gone = MembershipFactory(user=viewer.user, organisation__name="B Closed")
    save(gone.organisation, state=OrganisationState.CLOSED)
    OrganisationFactory(name="Not theirs")

    with django_assert_num_queries(1):
        found = places(viewer.user)

    assert [(place.name, place.slug, place.role, place.guest_of) for place in found] == [
        ("A Office", "a", Role.GUEST, run),
        ("Harbour Institute", "harbour", Role.VIEWER, None),
    ]
    assert found[1].organisation_id == viewer.organisation_id
    assert found[1].time_zone == "Europe/Berlin"
    assert [place.front_page for place in found] == [f"/o/a/results/{run}/", "/o/harbour/"]


def test_a_guest_begins_at_the_report():
    run = uuid4()

    assert front_page("harbour", run) == f"/o/harbour/results/{run}/"
    assert front_page("harbour", None) == "/o/harbour/"


def test_single_sign_on_opens_its_own_organisation_alone(viewer, rf):
    other = MembershipFactory(user=viewer.user)
    request = rf.get("/")
    request.user, request.session = viewer.user, {}
    assert len(open_places(request)) == 2

    request.session = {"sso_organisation": str(other.organisation_id), "sso_provider": str(uuid4())}
    assert [place.organisation_id for place in open_places(request)] == [other.organisation_id]


def test_nobody_has_no_places(db, rf):
    request = rf.get("/")
    request.user = AnonymousUser()

    assert open_places(request) == []
