import pytest

from accounts.domain.invitations import revoke_invitation
from accounts.enums import Role
from accounts.models import Membership, User
from echodepth.tenancy import tenant
from tests.factories import PASSWORD, RunFactory, UserFactory
from tests.support.pages import text_of
from tests.support.people import actor, invited
from tests.support.sign_in import signed_in
from tests.support.tenants import every, fresh

NEW = "new@example.org"
ANSWERS = {"full_name": "Nina New", "password": PASSWORD, "again": PASSWORD}


def page_of(issued):
    return f"/invitations/{issued.secret}/"


@pytest.fixture
def issued(owner):
    return invited(owner, NEW, Role.VIEWER)


def test_the_page_says_who_invites_whom_to_what_and_looking_accepts_nothing(client, owner, issued):
    text = text_of(client.get(page_of(issued)))

    for told in ("Invitation to Harbour Institute", NEW, "Viewer", str(owner.user), "Valid until"):
        assert told in text
    assert fresh(issued.invitation).accepted_at is None
    assert every(Membership) == [owner]


def test_a_new_person_chooses_a_password_and_is_in(client, owner, issued):
    told = client.post(page_of(issued), ANSWERS, follow=True)

    user = User.objects.get(email=NEW)
    assert told.request["PATH_INFO"] == "/o/harbour/"
    assert "You are now a member of Harbour Institute." in text_of(told)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.full_name, user.check_password(PASSWORD)) == ("Nina New", True)
    with tenant(owner.organisation_id):
        assert Membership.objects.get(user=user).role == Role.VIEWER


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password1234", "again": "password1234"}, "too common"),
        ({"password": "new@example.org", "again": "new@example.org"}, "too similar"),
        ({"again": "something else entirely"}, "The two passwords differ"),
        ({"full_name": ""}, "This field is required"),
    ],
)
def test_a_bad_answer_makes_nothing(client, owner, issued, changes, why):
    text = text_of(client.post(page_of(issued), ANSWERS | changes))

    assert why in text
    assert not User.objects.filter(email=NEW).exists()
    assert every(Membership) == [owner]


def test_a_known_person_signs_in_comes_back_and_accepts(client, owner, issued):
    known = UserFactory(email=NEW)
    page = page_of(issued)

    text = text_of(client.get(page))
    assert f'href="/account/login/?next={page}"' in text
    assert "password" not in client.get(page).context
    assert client.post(page, ANSWERS).status_code == 200
    assert every(Membership) == [owner]

    back = client.post(
        f"/account/login/?next={page}", {"login": NEW, "password": PASSWORD, "next": page}, follow=True
    )
    assert "Accept the invitation" in text_of(back)
    told = client.post(page, follow=True)
    assert "You are now a member of Harbour Institute." in text_of(told)
    with tenant(owner.organisation_id):
        assert Membership.objects.get(user=known).role == Role.VIEWER


def test_the_password_of_a_known_person_is_not_changed_by_the_link(client, issued):
    known = UserFactory(email=NEW)

    client.post(
        page_of(issued), ANSWERS | {"password": "another long password", "again": "another long password"}
    )

    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    assert "_auth_user_id" not in client.session


def test_somebody_else_is_told_so_and_can_sign_out(owner, outsider, outsider_client, issued):
    page = page_of(issued)
    text = text_of(outsider_client.get(page))

    assert "You are signed in as owner@elsewhere.example." in text
    assert f'name="next" value="{page}"' in text
    assert "Accept the invitation" not in text
    outsider_client.post(page, ANSWERS)
    with tenant(owner.organisation_id):
        assert list(Membership.objects.all()) == [owner]

    back = outsider_client.post("/account/logout/", {"next": page}, follow=True)
    assert "Accept and sign in" in text_of(back)


def test_a_session_of_single_sign_on_accepts_nothing(outsider, issued):
    known = UserFactory(email=NEW)
    client = signed_in(known)
    session = client.session
    session["sso_organisation"] = session["sso_provider"] = str(outsider.organisation_id)
    session.save()

    text = text_of(client.post(page_of(issued)))

    assert "You are signed in by single sign-on." in text
    assert fresh(issued.invitation).accepted_at is None


def test_a_link_that_is_over_and_one_that_never_was_look_alike(client, owner, issued):
    with tenant(owner.organisation_id):
        revoke_invitation(actor(owner), issued.invitation)

    over, never = client.get(page_of(issued)), client.get("/invitations/never-was/")

    assert over.status_code == never.status_code == 404
    assert over.content == never.content
    assert "This invitation cannot be used." in text_of(over)
    assert "Harbour" not in text_of(over)
    json = client.get(page_of(issued), headers={"accept": "application/json"}).json()
    assert json["code"] == "invitation_invalid"


def test_a_guest_begins_at_the_report(client, owner, organisation):
    run = RunFactory(recording__project__organisation=organisation)
    issued = invited(owner, NEW, Role.GUEST, guest_of=run.pk)

    assert "you may read one report and download it" in text_of(client.get(page_of(issued)))
    answer = client.post(page_of(issued), ANSWERS)
    assert answer.headers["Location"] == f"/o/harbour/results/{run.pk}/"


def test_the_page_is_kept_by_no_cache(client, issued):
    assert "no-store" in client.get(page_of(issued)).headers["Cache-Control"]


def test_link_after_link_is_not_tried_from_one_place(client, issued):
    answers = [client.get(f"/invitations/guess-{number}/").status_code for number in range(31)]

    assert answers == [404] * 30 + [429]
    assert client.get(page_of(issued)).status_code == 429
    elsewhere = client.get(page_of(issued), REMOTE_ADDR="192.0.2.7")
    assert "Invitation to Harbour Institute" in text_of(elsewhere)


def test_a_link_that_leads_somewhere_may_be_looked_at_as_often_as_one_likes(client, issued):
    assert {client.get(page_of(issued)).status_code for _again in range(40)} == {200}
