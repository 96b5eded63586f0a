from accounts.audit_actions import AuditAction
from accounts.domain.organisations import change_organisation, create_organisation
from accounts.models import AuditRecord, Membership, Organisation
from echodepth.tenancy import tenant
from tests.support.tenants import every, fresh


def recorded(organisation):
    with tenant(organisation.pk):
        return [(line.action, line.facts) for line in AuditRecord.objects.order_by("number")]


def test_a_new_organisation_has_an_address_a_zone_and_nobody(db):
    organisation = create_organisation("Harbour & Sea", "Europe/Oslo")

    assert (organisation.slug, fresh(organisation).time_zone) == ("harbour-sea", "Europe/Oslo")
    assert every(Membership) == []
    assert recorded(organisation) == [(AuditAction.ORGANISATION_CREATED, {})]


def test_a_taken_slug_gets_an_ending(organisation):
    second = create_organisation("Harbour", "UTC")

    assert second.slug.startswith("harbour-")
    assert len(every(Organisation)) == 2


def test_a_name_without_latin_letters_still_has_an_address(db):
    assert create_organisation("港", "UTC").slug == "organisation"


def test_a_new_name_keeps_the_address(organisation):
    with tenant(organisation.pk):
        change_organisation(organisation, "Sea Institute", "Europe/Berlin")

    now = fresh(organisation)
    assert (now.name, now.slug, now.time_zone) == ("Sea Institute", "harbour", "Europe/Berlin")
    assert recorded(organisation) == [
        (AuditAction.ORGANISATION_CHANGED, {"name": True, "time_zone": False}),
    ]
