"""Domains of two organisations, proven through a real name server on loopback."""

import pytest

from accounts.audit_actions import AuditAction
from accounts.domain.sso.dns_proof import record_name, record_value
from accounts.domain.sso.domains import MOST_DOMAINS, add_domain, has_proven, prove_domain, remove_domain
from accounts.models import AuditRecord, Domain
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import DomainFactory, OrganisationFactory
from tests.support.dns_server import name_server
from tests.support.tenants import every, fresh


@pytest.fixture
def zone(settings):
    with name_server() as server:
        settings.DNS_SERVERS = [server.address]
        yield server


def publish(zone, *domains):
    zone.publish(record_name(domains[0].name), *(record_value(domain.secret) for domain in domains))


def changes(organisation):
    with tenant(organisation.pk):
        found = AuditRecord.objects.filter(action=AuditAction.DOMAIN_CHANGED).order_by("number")
        return [line.facts["change"] for line in found]


def test_a_domain_is_claimed_proven_and_removed(organisation, zone):
    with tenant(organisation.pk):
        domain = add_domain(organisation, "Harbour.Example")
        assert not has_proven("harbour.example")
        publish(zone, domain)

        prove_domain(domain)
        assert has_proven("harbour.example")
        assert not has_proven("elsewhere.example")
        assert not has_proven("")

        remove_domain(domain)
        assert not has_proven("harbour.example")
    assert changes(organisation) == ["added", "proven", "removed"]


def test_every_claim_has_a_secret_of_its_own(organisation):
    other = OrganisationFactory()
    with tenant(organisation.pk):
        ours = add_domain(organisation, "harbour.example")
    with tenant(other.pk):
        theirs = add_domain(other, "harbour.example")

    assert ours.secret != theirs.secret
    assert len(ours.secret) == 40


def test_another_organisations_record_proves_nothing(organisation, zone):
    theirs = DomainFactory(name="harbour.example", secret="f" * 40, proven_at=None)
    publish(zone, theirs)
    with tenant(organisation.pk):
        domain = add_domain(organisation, "harbour.example")

        with pytest.raises(UserError) as caught:
            prove_domain(domain)

    assert caught.value.code == "domain_record_other"
    assert fresh(domain).proven_at is None


def test_a_domain_in_use_elsewhere_is_not_proven_twice_and_nobody_is_named(organisation, zone):
    other = OrganisationFactory(name="Elsewhere Institute", slug="elsewhere")
    theirs = DomainFactory(organisation=other, name="harbour.example")
    with tenant(organisation.pk):
        domain = add_domain(organisation, "harbour.example")
        publish(zone, domain)

        with pytest.raises(UserError) as caught:
            prove_domain(domain)

        assert not has_proven("harbour.example")
    assert caught.value.code == "domain_taken"
    assert "Institute" not in str(caught.value.sentence)
    assert fresh(domain).proven_at is None
    assert fresh(theirs).proven_at is not None
    assert changes(organisation) == ["added"]


def test_what_is_proven_is_not_asked_again(organisation, zone):
    domain = DomainFactory(organisation=organisation)
    with tenant(organisation.pk):
        prove_domain(domain)

    assert zone.asked == []


def test_a_domain_is_listed_once(organisation):
    with tenant(organisation.pk):
        add_domain(organisation, "harbour.example")
        with pytest.raises(UserError) as caught:
            add_domain(organisation, "HARBOUR.example")

    assert caught.value.code == "domain_listed"
    assert len(every(Domain)) == 1


def test_there_is_an_end_to_domains(organisation):
    for _ in range(MOST_DOMAINS):
        DomainFactory(organisation=organisation)
    with tenant(organisation.pk), pytest.raises(UserError) as caught:
        add_domain(organisation, "harbour.example")

    assert caught.value.code == "domains_full"
