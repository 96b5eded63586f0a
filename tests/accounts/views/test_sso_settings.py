"""Single sign-on as an admin sets it up, with a real name server and a real provider on loopback."""

import re

import pytest
from django.test import Client

from accounts.audit_actions import AuditAction
from accounts.domain.sso.dns_proof import record_name, record_value
from accounts.domain.sso.providers import client_secret
from accounts.enums import Role
from accounts.models import AuditRecord, Domain, Identity, IdentityProvider
from echodepth.tenancy import tenant
from tests.factories import (
    PASSWORD,
    DomainFactory,
    IdentityFactory,
    IdentityProviderFactory,
    MembershipFactory,
    OrganisationFactory,
)
from tests.support.dns_server import name_server
from tests.support.oidc import provider as server
from tests.support.sign_in import reauthenticate, signed_in
from tests.support.tenants import every, fresh

PAGE = "/o/harbour/sso/"
SECRET = "what the provider gave us"


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def admin(organisation):
    member = MembershipFactory(organisation=organisation, role=Role.ADMIN)
    client = signed_in(member.user)
    reauthenticate(client)
    return client


@pytest.fixture
def there(settings):
    settings.SSO_PLAIN_HTTP, settings.SSO_PRIVATE_HOSTS = True, ["127.0.0.1"]
    with server() as made:
        yield made


@pytest.fixture
def zone(settings):
    with name_server() as made:
        settings.DNS_SERVERS = [made.address]
        yield made


def given(there=None, **changes):
    issuer = there.issuer if there else "https://login.harbour.example"
    facts = {"name": "Okta", "issuer": issuer, "client_id": "client", "client_secret": SECRET}
    return facts | {"role": "viewer"} | changes


def test_an_admin_sets_it_up_from_nothing(admin, there, zone, organisation, settings):
    settings.BASE_URL = "https://echodepth.example.org"
    assert "Not set up" in text(admin.get(PAGE))

    page = text(admin.post(f"{PAGE}domains/", {"name": "@Harbour.example"}, follow=True))
    domain = every(Domain)[0]
    assert "_echodepth.harbour.example" in page
    assert f"echodepth-verification={domain.secret}" in page

    check = f"{PAGE}domains/{domain.pk}/check/"
    assert "There is no TXT record at _echodepth.harbour.example yet." in text(admin.post(check, follow=True))
    zone.publish(record_name(domain.name), record_value(domain.secret))
    assert "harbour.example is proven." in text(admin.post(check, follow=True))

    form = text(admin.get(f"{PAGE}provider/"))
    assert f"https://echodepth.example.org/sso/oidc/{organisation.pk}/callback/" in form
    page = text(admin.post(f"{PAGE}provider/", given(there), follow=True))
    assert "Now switch it on." in page
    assert SECRET not in page + text(admin.get(f"{PAGE}provider/"))

    page = text(admin.post(f"{PAGE}provider/on/", follow=True))
    assert "Single sign-on is on." in page
    assert every(IdentityProvider)[0].enabled
    assert "Single sign-on is off." in text(admin.post(f"{PAGE}provider/off/", follow=True))
    assert not every(IdentityProvider)[0].enabled


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("gmail.com", "Anybody can have an address at gmail.com"),
        ("nothing", "This is no domain."),
        ("harbour.example", "in the list already"),
    ],
)
def test_what_is_wrong_with_a_domain_stands_at_its_field(admin, organisation, typed, sentence):
    DomainFactory(organisation=organisation, name="harbour.example")

    page = text(admin.post(f"{PAGE}domains/", {"name": typed}))

    assert page.count(sentence) == 2
    assert 'href="#id_name"' in page
    assert len(every(Domain)) == 1


def test_a_domain_in_use_elsewhere_tells_nobody_where(admin, zone, organisation):
    DomainFactory(name="harbour.example", organisation=OrganisationFactory(name="Rival Institute"))
    domain = DomainFactory(organisation=organisation, name="harbour.example", proven_at=None)
    zone.publish(record_name(domain.name), record_value(domain.secret))

    page = text(admin.post(f"{PAGE}domains/{domain.pk}/check/", follow=True))

    assert "this domain is in use elsewhere" in page
    assert "Rival" not in page
    assert fresh(domain).proven_at is None


def test_many_checks_are_slowed_down(admin, zone, organisation):
    domain = DomainFactory(organisation=organisation, proven_at=None)
    pages = [text(admin.post(f"{PAGE}domains/{domain.pk}/check/", follow=True)) for _ in range(13)]

    assert "Too many checks." not in pages[11]
    assert "Too many checks." in pages[12]
    assert len(zone.asked) == 12


def test_it_is_not_switched_on_while_the_provider_is_wrong(admin, there, organisation):
    DomainFactory(organisation=organisation)
    admin.post(f"{PAGE}provider/", given(there, issuer=f"{there.issuer}/"))

    page = text(admin.post(f"{PAGE}provider/on/", follow=True))

    assert f"The provider calls itself {there.issuer}." in page
    assert not every(IdentityProvider)[0].enabled


def test_the_server_does_not_ask_its_own_network(admin, there, organisation, settings):
    settings.SSO_PRIVATE_HOSTS = []
    DomainFactory(organisation=organisation)
    admin.post(f"{PAGE}provider/", given(there))

    page = text(admin.post(f"{PAGE}provider/on/", follow=True))

    assert "is in a private network" in page
    assert there.server.asked == []


def test_what_is_wrong_with_the_provider_stands_at_its_field(admin):
    page = text(admin.post(f"{PAGE}provider/", given(issuer="http://login.harbour.example", role="owner")))

    assert "It must begin with https://" in page
    assert 'href="#id_role"' in page
    assert SECRET not in page
    assert every(IdentityProvider) == []


def test_another_client_wants_its_secret(admin, organisation):
    kept = IdentityProviderFactory(organisation=organisation, secret=SECRET)

    page = text(admin.post(f"{PAGE}provider/", given(client_id="other", client_secret="")))

    assert "Enter the client secret that belongs to this client." in page
    assert client_secret(fresh(kept)) == SECRET


def test_linked_people_are_shown_and_unlinked(admin, organisation):
    provider = IdentityProviderFactory(organisation=organisation)
    ada = IdentityFactory(provider=provider, subject="00u-ada", user__email="ada@harbour.example")
    bob = IdentityFactory(provider=provider, user__email="bob@harbour.example")
    page = text(admin.get(PAGE))
    assert "00u-ada" in page

    assert "ada@harbour.example is no longer linked." in text(
        admin.post(f"{PAGE}identities/{ada.pk}/unlink/", follow=True)
    )
    assert every(Identity) == [bob]

    admin.post(f"{PAGE}provider/remove/")
    assert every(Identity) == every(IdentityProvider) == []


def test_a_domain_is_removed(admin, organisation):
    domain = DomainFactory(organisation=organisation, name="harbour.example")

    assert "harbour.example was removed." in text(
        admin.post(f"{PAGE}domains/{domain.pk}/remove/", follow=True)
    )
    assert every(Domain) == []
    with tenant(organisation.pk):
        line = AuditRecord.objects.get(action=AuditAction.DOMAIN_CHANGED)
    assert line.facts == {"change": "removed"}
    assert line.actor is not None


def changes(domain, identity):
    return (
        ("domains/", {"name": "new.example"}),
        (f"domains/{domain.pk}/check/", {}),
        (f"domains/{domain.pk}/remove/", {}),
        ("provider/", given(name="Changed")),
        ("provider/on/", {}),
        ("provider/off/", {}),
        ("provider/remove/", {}),
        (f"identities/{identity.pk}/unlink/", {}),
    )


@pytest.fixture
def state(organisation):
    """A domain not proven, a provider that is on, somebody linked; whether all is as it was."""
    domain = DomainFactory(organisation=organisation, name="harbour.example", proven_at=None)
    provider = IdentityProviderFactory(organisation=organisation, name="Before")
    identity = IdentityFactory(provider=provider)

    def unchanged():
        now = fresh(provider)
        return (
            every(Domain) == [domain]
            and fresh(domain).proven_at is None
            and (now.name, now.enabled) == ("Before", True)
            and every(Identity) == [identity]
        )

    return domain, identity, unchanged


def test_nothing_is_changed_by_who_has_not_just_proven_who_they_are(organisation, zone, state):
    domain, identity, unchanged = state
    zone.publish(record_name(domain.name), record_value(domain.secret))
    client = signed_in(MembershipFactory(organisation=organisation, role=Role.OWNER).user)

    for address, fields in changes(domain, identity):
        response = client.post(f"{PAGE}{address}", fields)
        assert response.headers["Location"].startswith("/account/reauthenticate/"), address
    assert unchanged()
    assert client.get(PAGE).status_code == 200


def test_what_was_sent_is_done_after_the_proof(organisation, zone, state):
    domain, _identity, unchanged = state
    member = MembershipFactory(organisation=organisation, role=Role.OWNER)
    client = signed_in(member.user)
    asked = client.post(f"{PAGE}domains/{domain.pk}/remove/")
    next_page = re.search(r"next=([^&]+)", asked.headers["Location"])[1].replace("%2F", "/")

    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": next_page})

    assert not unchanged()
    assert every(Domain) == []


@pytest.mark.parametrize("role", [Role.ANALYST, Role.REVIEWER, Role.VIEWER])
def test_others_neither_see_nor_change_it(organisation, state, role):
    domain, identity, unchanged = state
    client = signed_in(MembershipFactory(organisation=organisation, role=role).user)
    reauthenticate(client)

    for address, fields in (("", None), (f"domains/{domain.pk}/", None), *changes(domain, identity)):
        url = f"{PAGE}{address}"
        response = client.get(url) if fields is None else client.post(url, fields)
        assert response.status_code == 403, address
        assert domain.secret not in text(response)
    assert unchanged()


def test_another_organisations_are_not_found(organisation, zone, state, admin):
    """By the address of the own organisation, with the ids of the other."""
    domain, identity, unchanged = state
    rival = MembershipFactory(organisation=OrganisationFactory(slug="rival"), role=Role.OWNER)
    client = signed_in(rival.user)
    reauthenticate(client)

    for address in (
        f"domains/{domain.pk}/",
        f"domains/{domain.pk}/check/",
        f"domains/{domain.pk}/remove/",
        f"identities/{identity.pk}/unlink/",
        "provider/on/",
        "provider/off/",
        "provider/remove/",
    ):
        url = f"/o/rival/sso/{address}"
        response = client.get(url) if address.endswith(f"{domain.pk}/") else client.post(url)
        assert response.status_code == 404, address
        assert domain.secret not in text(response)
    assert "harbour.example" not in text(client.get("/o/rival/sso/"))
    assert unchanged()


def test_a_link_changes_nothing(admin, state):
    domain, identity, unchanged = state

    for address, _fields in changes(domain, identity):
        response = admin.get(f"{PAGE}{address}")
        assert response.status_code == 200 if address == "provider/" else response.headers["Location"] == PAGE
    assert unchanged()


def test_nobody_sees_it_signed_out(state):
    assert Client().get(PAGE).headers["Location"].startswith("/account/login/")
