import pytest

from accounts.audit_actions import AuditAction
from accounts.domain.sso.providers import (
    PURPOSE,
    ProviderFacts,
    client_secret,
    keep_provider,
    provider_of_scope,
    switch_off,
    switch_on,
    unlink,
)
from accounts.enums import Role
from accounts.models import AuditRecord, Identity, IdentityProvider, Membership
from echodepth.encryption import encrypt
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import DomainFactory, IdentityFactory, IdentityProviderFactory, MembershipFactory
from tests.support.oidc import provider
from tests.support.tenants import every, fresh, save

SECRET = "what the provider gave us"


@pytest.fixture
def there(settings):
    settings.SSO_PLAIN_HTTP, settings.SSO_PRIVATE_HOSTS = True, ["127.0.0.1"]
    with provider() as made:
        yield made


def facts(**changes):
    given = {"name": "Okta", "issuer": "https://login.harbour.example", "client_id": "client"}
    return ProviderFacts(**given | {"client_secret": SECRET, "role": Role.VIEWER} | changes)


def keep(organisation, **changes):
    with tenant(organisation.pk):
        return keep_provider(organisation, facts(**changes))


def refused(organisation, act):
    with tenant(organisation.pk), pytest.raises(UserError) as caught:
        act()
    return caught.value.code


def test_the_secret_is_not_readable_in_the_database(organisation):
    kept = keep(organisation)

    assert SECRET not in fresh(kept).client_secret
    assert client_secret(kept) == SECRET
    assert not kept.enabled


def test_the_secret_outlives_a_rotation_of_the_key_and_no_more(organisation, settings):
    kept = keep(organisation)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, which is made of 50 characters or more"
    assert client_secret(kept) == SECRET

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(UserError) as caught:
        client_secret(kept)
    assert caught.value.code == "sso_secret_lost"


def test_a_secret_of_another_purpose_is_none(organisation):
    kept = save(keep(organisation), client_secret=encrypt(SECRET, "another purpose"))

    with pytest.raises(UserError):
        client_secret(kept)
    assert client_secret(save(kept, client_secret=encrypt("new", PURPOSE))) == "new"


def test_name_role_and_secret_are_changed_in_place(organisation):
    kept = save(keep(organisation), enabled=True)
    IdentityFactory(provider=kept)

    changed = keep(organisation, name="Entra", role=Role.ANALYST, client_secret="")

    assert (changed.pk, changed.name, changed.role, changed.enabled) == (kept.pk, "Entra", "analyst", True)
    assert client_secret(fresh(changed)) == SECRET
    assert len(every(Identity)) == 1
    assert client_secret(keep(organisation, client_secret="new")) == "new"


@pytest.mark.parametrize("change", [{"issuer": "https://login.other.example"}, {"client_id": "other"}])
def test_another_issuer_or_client_is_another_provider(organisation, change):
    """Its subjects may be called as those of the former one, and are other people."""
    kept = save(keep(organisation), enabled=True)
    person = IdentityFactory(provider=kept, user=MembershipFactory(organisation=organisation).user)

    changed = keep(organisation, **change)

    assert changed.pk != kept.pk
    assert not changed.enabled
    assert every(Identity) == []
    assert [row.user for row in every(Membership)] == [person.user]
    assert len(every(IdentityProvider)) == 1


def test_another_provider_needs_its_own_secret(organisation):
    kept = keep(organisation)

    code = refused(organisation, lambda: keep_provider(organisation, facts(client_id="x", client_secret="")))

    assert code == "sso_secret_missing"
    assert fresh(kept).client_id == "client"


def test_an_issuer_without_https_is_refused(organisation):
    issuer = "http://login.harbour.example"

    assert refused(organisation, lambda: keep_provider(organisation, facts(issuer=issuer))) == (
        "sso_address_refused"
    )
    assert every(IdentityProvider) == []


def test_it_is_switched_on_once_the_provider_answers(organisation, there):
    kept = keep(organisation, issuer=there.issuer)
    assert refused(organisation, lambda: switch_on(kept)) == "sso_no_domain"

    DomainFactory(organisation=organisation, proven_at=None)
    assert refused(organisation, lambda: switch_on(kept)) == "sso_no_domain"

    DomainFactory(organisation=organisation)
    there.metadata = {"issuer": "https://login.other.example"}
    assert refused(organisation, lambda: switch_on(kept)) == "sso_issuer_differs"
    assert not fresh(kept).enabled

    there.metadata = {}
    with tenant(organisation.pk):
        switch_on(kept)
    assert fresh(kept).enabled

    with tenant(organisation.pk):
        switch_off(kept)
    assert not fresh(kept).enabled


def test_another_organisations_domain_does_not_count(organisation, there):
    DomainFactory()
    kept = keep(organisation, issuer=there.issuer)

    assert refused(organisation, lambda: switch_on(kept)) == "sso_no_domain"


def test_each_organisation_has_its_own(organisation):
    theirs = IdentityProviderFactory()
    with tenant(organisation.pk):
        assert provider_of_scope() is None
    with tenant(theirs.organisation_id):
        assert provider_of_scope() == theirs


def test_what_changed_is_in_the_trail_and_no_secret(organisation):
    kept = keep(organisation)
    identity = IdentityFactory(provider=kept)
    with tenant(organisation.pk):
        unlink(identity)
        switch_off(kept)
        lines = AuditRecord.objects.filter(action=AuditAction.SSO_CHANGED).order_by("number")
        told = [line.facts for line in lines]

    assert [facts["change"] for facts in told] == ["set_up", "unlinked", "off"]
    assert SECRET not in str(told)
    assert every(Identity) == []
