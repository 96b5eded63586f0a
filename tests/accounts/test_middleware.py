"""What a session of single sign-on cannot reach, through the pages themselves."""

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse

from accounts.domain.sso.session import Confinement, mark
from accounts.enums import PlatformRole, Role
from accounts.models import Membership
from tests.factories import (
    PASSWORD,
    IdentityFactory,
    IdentityProviderFactory,
    MembershipFactory,
    OrganisationFactory,
    ProjectFactory,
)
from tests.support.people import invited
from tests.support.tenants import every

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NEW = "a quiet harbour at noon"


def text(response):
    return " ".join(response.content.decode().split())


def by_sso(membership, provider):
    client = Client()
    client.force_login(membership.user, backend=BACKEND)
    session = client.session
    mark(session, Confinement(provider.organisation_id, provider.pk))
    session.save()
    return client


@pytest.fixture
def provider(analyst):
    made = IdentityProviderFactory(organisation=analyst.organisation)
    IdentityFactory(provider=made, user=analyst.user)
    return made


@pytest.fixture
def client(analyst, provider):
    """An analyst of the harbour by its provider, who also owns another organisation."""
    other = OrganisationFactory(slug="other", name="Other Organisation")
    MembershipFactory(user=analyst.user, organisation=other, role=Role.OWNER)
    ProjectFactory(organisation=other, name="Secret project")
    return by_sso(analyst, provider)


def test_the_own_organisation_is_open(client):
    response = client.get("/o/harbour/projects/")

    assert response.status_code == 200
    assert "Harbour Institute" in text(response)


@pytest.mark.parametrize("page", ["projects/", "members/", "sso/", "settings/"])
def test_the_persons_other_organisation_is_as_one_that_is_missing(client, page):
    other, missing = client.get(f"/o/other/{page}"), client.get(f"/o/missing/{page}")

    assert (other.status_code, missing.status_code) == (404, 404)
    assert text(other).replace("/other/", "/missing/") == text(missing)
    assert "Secret" not in text(other)


def test_neither_the_chooser_nor_the_bar_shows_another(client):
    for page in ("/organisations/", "/o/harbour/projects/"):
        shown = text(client.get(page))
        assert "Harbour Institute" in shown
        assert "Other Organisation" not in shown
    assert client.get("/").headers["Location"].startswith("/o/harbour/")


ACCOUNT = (
    "account_change_password",
    "account_set_password",
    "account_email",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
)


@pytest.mark.parametrize("name", ACCOUNT)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_account_is_out_of_reach(client, name, method):
    response = getattr(client, method)(reverse(name))

    assert response.status_code == 403
    assert "opens that organisation alone" in text(response)
    assert reverse("account_logout") in text(response)


def test_a_password_cannot_be_set_to_come_back_with(client, analyst):
    analyst.user.set_unusable_password()
    analyst.user.save()

    client.post(reverse("account_set_password"), {"password1": NEW, "password2": NEW})

    analyst.user.refresh_from_db()
    assert not analyst.user.has_usable_password()


def test_nor_changed_nor_an_address_added(client, analyst):
    client.force_login(analyst.user, backend=BACKEND)
    session = client.session
    session["sso_organisation"], session["sso_provider"] = str(analyst.organisation_id), str(analyst.pk)
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    client.post(reverse("account_change_password"), fields)
    client.post(reverse("account_email"), {"email": "mallory@example.org", "action_add": ""})

    analyst.user.refresh_from_db()
    assert check_password(PASSWORD, analyst.user.password)
    assert analyst.user.emailaddress_set.count() == 1


def test_an_invitation_elsewhere_needs_the_own_sign_in(client, analyst, outsider):
    link = reverse("invitation", args=[invited(outsider, analyst.user.email).secret])
    before = len(every(Membership))

    client.post(link, {"accept": "1"})

    assert len(every(Membership)) == before


def test_the_platform_is_not_run_by_a_tenants_word(client, analyst):
    analyst.user.platform_role = PlatformRole.ADMIN
    analyst.user.save()

    response = client.get("/platform/")

    assert response.status_code in {403, 404}
    assert "Other Organisation" not in text(response)


def test_signing_out_works_and_takes_the_confinement_along(client, analyst):
    client.post("/account/logout/")
    assert "sso_organisation" not in client.session

    client.force_login(analyst.user, backend=BACKEND)
    assert "Other Organisation" in text(client.get("/organisations/"))


def test_who_signed_in_by_own_means_is_not_confined(analyst_client, provider):
    assert analyst_client.get(reverse("account_change_password")).status_code == 200


def test_public_pages_stay_open(client):
    assert client.get("/healthz").status_code == 200
