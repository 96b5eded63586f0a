"""An account that exists: its owner signs in to it by its own means, and says that it is theirs."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.domain.sso.session import Confinement, mark
from accounts.enums import Role
from accounts.models import Identity, Membership, User
from echodepth.tenancy import tenant
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.support.oidc import sign_in
from tests.support.tenants import every, save

ADA = "ada@harbour.example"


def text(response):
    return " ".join(response.content.decode().split())


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_a_hostile_provider_in_its_own_domain_gets_nothing_of_an_account_that_is_there(client, hostile):
    victim = MembershipFactory(role=Role.OWNER, user__email="victim@hostile.example")
    hostile.claims = {"email": victim.user.email}

    response = sign_in(client, hostile, victim.user.email)

    assert response.headers["Location"] == "/sso/link/"
    assert signed_in(client) is None
    page = text(client.get("/sso/link/"))
    assert "There is an account with" in page
    assert victim.organisation.name not in page
    client.post("/sso/link/")
    assert every(Identity) == []
    assert signed_in(client) is None


@pytest.fixture
def known(db):
    return UserFactory(email=ADA)


def password(client, user):
    return client.post(
        f"{reverse('account_login')}?next=/sso/link/", {"login": user.email, "password": PASSWORD}
    )


def test_the_owner_of_an_account_links_it(client, provider, there, known, organisation):
    elsewhere = MembershipFactory(user=known, role=Role.OWNER, organisation__slug="elsewhere")
    sign_in(client, there)
    assert f'href="{reverse("account_login")}?next=/sso/link/"' in client.get("/sso/link/").content.decode()

    assert password(client, known).headers["Location"] == "/sso/link/"
    assert "Harbour Institute" in text(client.get("/sso/link/"))
    assert every(Identity) == []
    response = client.post("/sso/link/", follow=True)

    assert "single sign-on opens your account here" in text(response)
    assert [(row.subject, row.user) for row in every(Identity)] == [("s-1", known)]
    with tenant(organisation.pk):
        assert Membership.objects.get(user=known).role == Role.REVIEWER
    assert client.get("/o/elsewhere/projects/").status_code == 200  # it is their own session

    by_sso = Client()
    sign_in(by_sso, there)
    assert signed_in(by_sso) == str(known.pk)
    assert by_sso.get("/o/harbour/projects/").status_code == 200
    assert by_sso.get("/o/elsewhere/projects/").status_code == 404
    assert elsewhere.organisation.name not in text(by_sso.get("/organisations/"))


def test_a_link_is_confirmed_once(client, provider, there, known):
    sign_in(client, there)
    password(client, known)
    client.post("/sso/link/")

    response = client.post("/sso/link/")

    assert response.status_code == 400
    assert len(every(Identity)) == 1


def test_somebody_elses_sign_in_confirms_nothing(client, provider, there, known):
    mallory = UserFactory(email="mallory@harbour.example")
    sign_in(client, there)
    password(client, mallory)

    response = client.post("/sso/link/")

    assert response.status_code == 409
    assert "signed in as somebody else" in text(response)
    assert every(Identity) == []


def test_a_session_from_before_is_asked_again(client, provider, there, known):
    """Who left the browser open has not just proven anything."""
    client.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    sign_in(client, there)

    response = client.post("/sso/link/")
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert every(Identity) == []

    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": "/sso/link/"})
    client.post("/sso/link/")
    assert [row.user for row in every(Identity)] == [known]


def test_a_session_of_another_single_sign_on_is_no_own_sign_in(client, provider, there, hostile):
    """By the hostile provider one is the victim there, and that proves nothing here."""
    hostile.claims = {"email": "ada@hostile.example"}
    sign_in(client, hostile, "ada@hostile.example")
    ada = User.objects.get(email="ada@hostile.example")
    ada.emailaddress_set.create(email=ADA, verified=True)

    response = sign_in(client, there)

    assert response.headers["Location"] == "/sso/link/"
    assert signed_in(client) is None
    client.post("/sso/link/")
    assert len(every(Identity)) == 1


def test_a_confined_session_links_nothing_whatever_it_has_proven(client, provider, there, known):
    """However a link came to wait in it: it is a provider's word, not the account's own sign-in."""
    sign_in(client, there)
    password(client, known)
    session = client.session
    mark(session, Confinement(provider.organisation_id, provider.pk))
    session.save()

    client.post("/sso/link/")

    assert every(Identity) == []


def test_a_provider_switched_off_before_the_confirmation_links_nobody(client, provider, there, known):
    sign_in(client, there)
    password(client, known)
    save(provider, enabled=False)

    assert client.post("/sso/link/").status_code == 403
    assert every(Identity) == []


def test_there_is_nothing_to_link_without_a_way_to_a_provider(client, known):
    password(client, known)

    assert client.get("/sso/link/").status_code == 400
