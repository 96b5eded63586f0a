from accounts.domain.organisations import change_organisation, create_organisation
from accounts.enums import Role
from accounts.models import Organisation
from tests.factories import UserFactory


def test_a_new_organisation_has_its_owner(db):
    owner = UserFactory()

    organisation = create_organisation("Harbour & Sea", "Europe/Oslo", owner)

    assert (organisation.slug, organisation.time_zone) == ("harbour-sea", "Europe/Oslo")
    assert owner.memberships.get().role == Role.OWNER


def test_a_taken_slug_gets_an_ending(organisation):
    second = create_organisation("Harbour", "UTC", UserFactory())

    assert second.slug.startswith("harbour-")
    assert Organisation.objects.count() == 2


def test_a_name_without_latin_letters_still_has_an_address(db):
    assert create_organisation("港", "UTC", UserFactory()).slug == "organisation"


def test_a_new_name_keeps_the_address(organisation):
    change_organisation(organisation, "Sea Institute", "Asia/Tokyo")

    organisation.refresh_from_db()
    assert (organisation.name, organisation.slug, organisation.time_zone) == (
        "Sea Institute",
        "harbour",
        "Asia/Tokyo",
    )
