import uuid

import pytest

from accounts.domain.sso.entrance import entered, provider_of
from accounts.enums import OrganisationState
from echodepth.errors import UserError
from tests.factories import DomainFactory, IdentityProviderFactory
from tests.support.tenants import save


@pytest.fixture
def provider(organisation):
    DomainFactory(organisation=organisation, name="harbour.example")
    return IdentityProviderFactory(organisation=organisation)


def refused(act, argument):
    with pytest.raises(UserError) as caught:
        act(argument)
    return caught.value.code


def test_the_domain_leads_to_the_provider_of_its_owner(provider):
    other = IdentityProviderFactory()
    DomainFactory(organisation=other.organisation, name="elsewhere.example")
    DomainFactory(organisation=other.organisation, name="harbour.example", proven_at=None)

    found = provider_of("Anybody@Harbour.EXAMPLE")

    assert (found, found.organisation.name) == (provider, "Harbour Institute")
    assert provider_of("x@elsewhere.example") == other


@pytest.mark.parametrize("email", ["x@sub.harbour.example", "x@example.org", "harbour.example", ""])
def test_other_domains_lead_nowhere(provider, email):
    assert refused(provider_of, email) == "sso_unknown_domain"


@pytest.mark.parametrize("state", [OrganisationState.SUSPENDED, OrganisationState.CLOSED])
def test_what_is_off_suspended_closed_or_gone_lets_nobody_in(provider, state):
    assert entered(provider.pk) == provider
    save(provider.organisation, state=state, state_reason="Unpaid bills")
    assert refused(entered, provider.pk) == "sso_switched_off"
    save(provider.organisation, state=OrganisationState.ACTIVE)
    save(provider, enabled=False)
    assert refused(entered, provider.pk) == "sso_switched_off"
    assert refused(entered, uuid.uuid4()) == "sso_switched_off"
