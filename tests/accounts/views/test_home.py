from uuid import uuid4

from accounts.enums import PlatformRole, Role
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.support.sign_in import signed_in


def test_one_organisation_is_opened(viewer_client):
    assert viewer_client.get("/").headers["Location"] == "/o/harbour/"


def test_a_guest_is_led_straight_to_the_report(organisation):
    run = uuid4()
    guest = MembershipFactory(organisation=organisation, role=Role.GUEST, guest_of=run)

    assert signed_in(guest.user).get("/").headers["Location"] == f"/o/harbour/results/{run}/"


def test_of_several_one_is_chosen(viewer_client, viewer):
    run = uuid4()
    MembershipFactory(
        user=viewer.user,
        organisation__name="Sea Office",
        organisation__slug="sea",
        role=Role.GUEST,
        guest_of=run,
    )
    OrganisationFactory(name="Not theirs")

    page = viewer_client.get("/").content.decode()

    assert 'href="/o/harbour/"' in page
    assert f'href="/o/sea/results/{run}/"' in page
    assert 'href="/o/sea/leave/"' in page
    assert "Not theirs" not in page


def test_without_an_organisation_the_page_says_whom_to_ask(client, db):
    client.force_login(UserFactory(email="alone@example.org"))

    page = client.get("/").content.decode()

    assert "You belong to no organisation yet" in page
    assert "alone@example.org" in page


def test_staff_without_an_organisation_are_led_to_the_platform(client, db):
    client.force_login(UserFactory(platform_role=PlatformRole.ADMIN))

    for address in ("/", "/organisations/"):
        assert client.get(address).headers["Location"] == "/platform/"


def test_sales_is_led_to_the_desk(client, db):
    client.force_login(UserFactory(platform_role=PlatformRole.SALES))

    for address in ("/", "/organisations/"):
        assert client.get(address).headers["Location"] == "/desk/"


def test_staff_who_are_members_work_there(client, viewer):
    viewer.user.platform_role = PlatformRole.ADMIN
    viewer.user.save()
    client.force_login(viewer.user)

    assert client.get("/").headers["Location"] == "/o/harbour/"
    assert 'href="/o/harbour/"' in client.get("/organisations/").content.decode()


def test_the_chooser_is_there_with_one_organisation_too(viewer_client):
    assert 'href="/o/harbour/"' in viewer_client.get("/organisations/").content.decode()


def test_single_sign_on_shows_its_own_organisation_alone(viewer_client, viewer):
    MembershipFactory(user=viewer.user, organisation__name="Sea Office", organisation__slug="sea")
    session = viewer_client.session
    session["sso_organisation"], session["sso_provider"] = str(viewer.organisation_id), str(uuid4())
    session.save()

    assert viewer_client.get("/").headers["Location"] == "/o/harbour/"
    assert "Sea Office" not in viewer_client.get("/organisations/").content.decode()
