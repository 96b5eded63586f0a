"""Signing in by a provider, from our page to theirs and back."""

import re
import time
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse

from accounts.audit_actions import AuditAction
from accounts.enums import OrganisationState, Role
from accounts.models import AuditRecord, Identity, Membership, User
from echodepth.tenancy import tenant
from tests.factories import (
    DomainFactory,
    IdentityFactory,
    MembershipFactory,
    UserFactory,
)
from tests.support.oidc import leave, set_up, sign_in
from tests.support.sign_in import second_factor
from tests.support.tenants import every, save

ADA = "ada@harbour.example"


def text(response):
    return " ".join(response.content.decode().split())


def signed_in(client):
    return client.session.get("_auth_user_id")


def refused(client, response, status, sentence):
    assert response.status_code == status
    assert sentence in text(response)
    assert signed_in(client) is None
    return True


def trail(organisation):
    with tenant(organisation.pk):
        return [(line.action, line.facts) for line in AuditRecord.objects.order_by("number")]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the provider's own
def test_a_provider_of_other_peoples_making(client, organisation, loopback):
    """The whole way with a provider that is not ours: discovery, consent, code, keys, token."""
    import oidc_provider_mock

    ada = oidc_provider_mock.User(sub="s-1", claims={"email": ADA, "email_verified": True, "name": "Ada"})
    with oidc_provider_mock.run_server_in_thread(
        user_claims=[ada], require_nonce=True, access_token_max_age=timedelta(minutes=5)
    ) as running:
        set_up(organisation, f"http://localhost:{running.server_port}")
        url = leave(client, ADA)
        back = requests.post(url, data={"sub": "s-1"}, allow_redirects=False, timeout=10).headers["Location"]
        response = client.get(f"{urlsplit(back).path}?{urlsplit(back).query}")

    user = User.objects.get(email=ADA)
    assert response.headers["Location"] == "/"
    assert (signed_in(client), user.full_name) == (str(user.pk), "Ada")
    assert client.session["sso_organisation"] == str(organisation.pk)
    assert client.get("/o/harbour/projects/").status_code == 200


def test_what_is_written_down_of_it(client, provider, there, organisation):
    sign_in(client, there)

    assert [action for action, _facts in trail(organisation)] == [
        AuditAction.MEMBER_JOINED,
        AuditAction.IDENTITY_LINKED,
        AuditAction.SIGNED_IN,
    ]
    assert trail(organisation)[-1][1] == {"method": "sso"}
    assert client.session.get_expiry_age() <= 12 * 3600


@pytest.mark.parametrize("same", [True, False])
def test_nothing_of_the_session_before_is_left(client, provider, there, organisation, same):
    """Neither of somebody else's, nor of the person's own sign-in, which reached further."""
    before = UserFactory()
    if same:
        MembershipFactory(organisation=organisation, user=before)
        IdentityFactory(provider=provider, subject="s-1", user=before)
    client.force_login(before)
    session = client.session
    session["left"] = "over"
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session.save()
    key = session.session_key

    sign_in(client, there)

    assert (signed_in(client) == str(before.pk)) is same
    assert "left" not in client.session
    assert client.session["sso_organisation"] == str(organisation.pk)
    assert [facts["method"] for facts in client.session["account_authentication_methods"]] == ["sso"]
    assert client.session.session_key != key


def test_the_page_wanted_comes_after_it_and_only_ours(client, provider, there):
    for wanted, given in (("/o/harbour/projects/", "/o/harbour/projects/"), ("https://evil.example/", "/")):
        url = client.post("/sso/", {"email": ADA, "next": wanted}).headers["Refresh"].partition("url=")[2]
        path, answer = there.code_for(url)
        assert client.get(path, answer).headers["Location"] == given


def test_the_start_tells_of_the_domain_and_nothing_of_the_person(client, provider, there, organisation):
    MembershipFactory(organisation=organisation, user__email="known@harbour.example")
    UserFactory(email="known@elsewhere.example")
    pages = {}
    for email in (
        "known@harbour.example",
        "new@harbour.example",
        "known@elsewhere.example",
        "x@elsewhere.example",
    ):
        response = Client().post("/sso/", {"email": email})
        shown = response.headers.get("Refresh", "") + text(response)
        for changing in ("state", "nonce", "code_challenge"):
            told = parse_qs(response.headers.get("Refresh", "")).get(changing, [""])[0]
            shown = shown.replace(told, "") if told else shown
        pages[email] = _plain(shown, email)

    known, new, elsewhere, nobody = pages.values()
    assert known == new
    assert elsewhere == nobody
    assert known != elsewhere
    assert "No organisation here uses single sign-on for this domain." in elsewhere
    assert "Harbour Institute" not in known


def _plain(shown, email):
    for address in (email, quote(email)):
        shown = shown.replace(address, "")
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", shown)


@pytest.mark.parametrize("unproven", [True, False])
def test_a_domain_that_is_not_proven_or_a_provider_that_is_off_is_not_found(client, provider, unproven):
    if unproven:
        DomainFactory(organisation=provider.organisation, name="claimed.example", proven_at=None)
    else:
        save(provider, enabled=False)

    page = text(client.post("/sso/", {"email": "x@claimed.example" if unproven else ADA}))

    assert "No organisation here uses single sign-on for this domain." in page


def test_a_provider_that_does_not_answer_is_told_at_the_field(client, provider):
    save(provider, issuer="http://127.0.0.1:9/")

    page = text(client.post("/sso/", {"email": ADA}))

    assert page.count("127.0.0.1 could not be reached.") == 2


def test_many_starts_are_slowed_down(client, provider, there):
    pages = [text(client.post("/sso/", {"email": ADA})) for _ in range(21)]

    assert "Too many attempts." not in pages[19]
    assert "Too many attempts." in pages[20]
    assert len([asked for asked in there.server.asked if "well-known" in asked.path]) == 20


def test_a_replayed_answer_is_refused(client, provider, there):
    path, answer = there.code_for(leave(client, ADA))
    client.get(path, answer)
    client.post("/account/logout/")

    assert refused(client, client.get(path, answer), 400, "it was finished before")
    assert len(there.token_requests) == 1


def test_an_answer_in_another_browser_is_refused(client, provider, there):
    path, answer = there.code_for(leave(Client(), ADA))

    assert refused(client, client.get(path, answer), 400, "Start again.")
    assert there.token_requests == []


def test_a_state_nobody_made_is_refused(client, provider, there):
    path, answer = there.code_for(leave(client, ADA))

    for state in ("", "x", answer["state"][:-1]):
        assert refused(client, client.get(path, answer | {"state": state}), 400, "Start again.")
    assert there.token_requests == []


def test_an_answer_at_another_organisations_address_is_refused(client, provider, there, hostile):
    """The state of ours, at the redirect URI of another: providers are not mixed up."""
    _path, answer = there.code_for(leave(client, ADA))
    path = reverse("sso-callback", args=[hostile.organisation.pk])

    assert refused(client, client.get(path, answer), 400, "Start again.")
    assert there.token_requests == []


def test_an_old_answer_is_refused(client, provider, there):
    path, answer = there.code_for(leave(client, ADA))
    session = client.session
    session["sso_flows"] = [session["sso_flows"][0] | {"at": time.time() - 601}]
    session.save()

    assert refused(client, client.get(path, answer), 400, "took too long")


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"},
        {"aud": "another client"},
        {"exp": 1},
        {"iss": "https://login.elsewhere.example"},
    ],
)
def test_a_token_of_another_sign_in_is_refused(client, provider, there, claims):
    there.claims = claims

    assert refused(client, sign_in(client, there), 403, "could not be verified")
    assert every(Identity) == []
    assert not User.objects.exists()


def test_a_provider_switched_off_in_between_lets_nobody_in(client, provider, there):
    path, answer = there.code_for(leave(client, ADA))
    save(provider, enabled=False)

    assert refused(client, client.get(path, answer), 403, "is switched off")
    assert there.token_requests == []


def test_nor_one_that_was_removed(client, provider, there):
    path, answer = there.code_for(leave(client, ADA))
    with tenant(provider.organisation_id):
        provider.delete()

    assert refused(client, client.get(path, answer), 403, "is switched off")


@pytest.mark.parametrize("state", [OrganisationState.SUSPENDED, OrganisationState.CLOSED])
def test_a_suspended_or_closed_organisation_lets_nobody_in(client, provider, there, organisation, state):
    path, answer = there.code_for(leave(client, ADA))
    save(organisation, state=state, state_reason="Unpaid bills")

    assert refused(client, client.get(path, answer), 403, "is switched off")
    assert there.token_requests == []
    page = Client().post("/sso/", {"email": ADA})
    assert "Refresh" not in page.headers
    assert "Unpaid" not in text(page) + text(client.get(path, answer))


def test_a_hostile_provider_asserts_another_tenants_address(client, provider, hostile, organisation):
    """Its own domain starts the way; then it names a person of the harbour, whom it calls verified."""
    victim = MembershipFactory(organisation=organisation, role=Role.OWNER, user__email=ADA)
    for email in (ADA, "somebody-new@harbour.example"):
        hostile.claims = {"email": email, "sub": f"as {email}"}
        response = sign_in(client, hostile, "mallory@hostile.example")
        assert refused(client, response, 403, "whose domain your organisation has not proven")

    assert every(Identity) == []
    assert [row.pk for row in every(Membership)] == [victim.pk]
    assert not User.objects.filter(email="somebody-new@harbour.example").exists()
    with tenant(hostile.organisation.pk):
        kept = AuditRecord.objects.filter(action=AuditAction.SIGN_IN_FAILED)
        assert [line.facts for line in kept] == [{"method": "sso", "code": "sso_domain_not_proven"}] * 2
    assert trail(organisation) == []


def test_a_hostile_provider_names_a_subject_of_ours(client, provider, there, hostile):
    sign_in(client, there)
    ada = User.objects.get(email=ADA)
    other = Client()
    hostile.claims = {"email": "mallory@hostile.example"}  # and the same subject

    sign_in(other, hostile, "mallory@hostile.example")

    assert signed_in(other) not in (None, str(ada.pk))
    assert other.get("/o/harbour/projects/").status_code == 404


def test_a_changed_address_signs_in_the_same_person(client, provider, there, organisation):
    sign_in(client, there)
    ada = User.objects.get(email=ADA)
    owner = MembershipFactory(organisation=organisation, role=Role.OWNER, user__email="owner@harbour.example")
    there.claims = {"email": owner.user.email}
    other = Client()

    sign_in(other, there)

    assert signed_in(other) == str(ada.pk)


def test_a_removed_member_is_told_and_not_let_in(client, provider, there):
    sign_in(client, there)
    with tenant(provider.organisation_id):
        Membership.objects.all().delete()
    other = Client()

    assert refused(other, sign_in(other, there), 403, "You are no longer a member")
    assert every(Membership) == []


def test_a_declined_sign_in_is_told(client, provider, there):
    path, answer = there.code_for(leave(client, ADA))
    told = {
        "state": answer["state"],
        "error": "access_denied",
        "error_description": "<b>secret of theirs</b>",
    }

    response = client.get(path, told)

    assert refused(client, response, 403, "Your provider did not sign you in.")
    assert "secret of theirs" not in text(response)


def test_a_second_factor_is_the_providers_matter(client, provider, there, organisation):
    ada = UserFactory(email=ADA)
    MembershipFactory(organisation=organisation, user=ada)
    IdentityFactory(provider=provider, subject="s-1", user=ada)
    second_factor(ada)
    save(organisation, require_mfa=True)

    sign_in(client, there)

    assert signed_in(client) == str(ada.pk)
    assert client.get("/o/harbour/projects/").status_code == 200


# Proving it once more.


def once_more(client, there, **claims):
    there.claims = {"auth_time": int(time.time())} | claims
    page = client.post("/sso/again/", {"next": "/o/harbour/sso/"})
    path, answer = there.code_for(page.headers["Refresh"].partition("url=")[2])
    return client.get(path, answer)


def proven(client):
    return any(facts.get("reauthenticated") for facts in client.session["account_authentication_methods"])


def test_a_fresh_sign_in_at_the_provider_proves_it(client, provider, there):
    sign_in(client, there)
    assert "Sign in again" in text(client.get("/sso/again/?next=/o/harbour/sso/"))

    assert once_more(client, there).headers["Location"] == "/o/harbour/sso/"
    assert proven(client)


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"auth_time": 1}, "did not ask you to sign in again"),
        ({"auth_time": None}, "did not ask you to sign in again"),
        ({"sub": "s-2"}, "Somebody else signed in"),
    ],
)
def test_what_is_not_fresh_or_somebody_else_proves_nothing(client, provider, there, claims, sentence):
    sign_in(client, there)

    response = once_more(client, there, **claims)

    assert response.status_code == 403
    assert sentence in text(response)
    assert not proven(client)


def test_another_colleague_at_the_provider_is_somebody_else(client, provider, there, organisation):
    colleague = MembershipFactory(organisation=organisation)
    IdentityFactory(provider=provider, subject="s-2", user=colleague.user)
    sign_in(client, there)

    assert "Somebody else signed in" in text(once_more(client, there, sub="s-2"))
    assert not proven(client)
    assert signed_in(client) != str(colleague.user.pk)


def test_who_signed_in_by_own_means_proves_it_by_own_means(client, db):
    client.force_login(UserFactory())

    assert client.get("/sso/again/").headers["Location"] == reverse("account_reauthenticate")
