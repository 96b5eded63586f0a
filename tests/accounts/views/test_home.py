from tests.factories import MembershipFactory, OrganisationFactory, UserFactory


def test_signed_out_people_are_sent_to_sign_in(client, db):
    assert client.get("/").headers["Location"] == "/account/login/?next=/"


def test_one_organisation_is_opened(viewer_client):
    assert viewer_client.get("/").headers["Location"] == "/o/harbour/"


def test_of_several_one_is_chosen(viewer_client, viewer):
    MembershipFactory(user=viewer.user, organisation__name="Sea Office", organisation__slug="sea")
    OrganisationFactory(name="Not theirs")

    page = viewer_client.get("/").content.decode()

    assert 'href="/o/harbour/"' in page
    assert 'href="/o/sea/"' in page
    assert "Not theirs" not in page


def test_without_an_organisation_the_page_says_whom_to_ask(client, db):
    client.force_login(UserFactory(email="alone@example.org"))

    page = client.get("/").content.decode()

    assert "You belong to no organisation yet" in page
    assert "alone@example.org" in page


def test_a_platform_admin_is_told_how_organisations_are_made(client, db):
    client.force_login(UserFactory(email="admin@example.org", is_platform_admin=True))

    for address in ("/", "/organisations/"):
        page = client.get(address).content.decode()
        assert "manage.py create_organisation" in page
        assert "add admin@example.org as a member" in page
        assert "You belong to no organisation" not in page


def test_a_platform_admin_who_is_a_member_works_there(client, viewer):
    viewer.user.is_platform_admin = True
    viewer.user.save()
    client.force_login(viewer.user)

    assert client.get("/").headers["Location"] == "/o/harbour/"
    assert 'href="/o/harbour/"' in client.get("/organisations/").content.decode()


def test_the_chooser_is_there_with_one_organisation_too(viewer_client):
    assert 'href="/o/harbour/"' in viewer_client.get("/organisations/").content.decode()
