import pytest

from accounts.adapter import AccountAdapter
from tests.factories import UserFactory


def test_nobody_signs_up_by_themselves(client, db, rf):
    assert AccountAdapter().is_open_for_signup(rf.get("/")) is False
    assert "password1" not in client.get("/account/signup/").content.decode()


def test_links_begin_with_the_address_people_type(settings, rf):
    settings.BASE_URL = "https://echodepth.example.org/"

    link = AccountAdapter().get_reset_password_from_key_url("3-abc-123")

    assert link == "https://echodepth.example.org/account/password/reset/key/3-abc-123/"


@pytest.mark.django_db
def test_a_reset_mail_says_for_how_long_its_link_works(client, mailoutbox, settings):
    settings.BASE_URL = "https://echodepth.example.org"
    UserFactory(email="a@example.org")

    client.post("/account/password/reset/", {"email": "a@example.org"}, headers={"Host": "localhost"})

    assert "https://echodepth.example.org/account/password/reset/key/" in mailoutbox[0].body
    assert "3 days" in mailoutbox[0].body
