from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts.enums import Role
from accounts.models import Membership, Organisation, User


@transaction.atomic
def create_organisation(name: str, time_zone: str, owner: User) -> Organisation:
    """A new organisation with its first owner."""
    organisation = Organisation.objects.create(name=name, slug=_free_slug(name), time_zone=time_zone)
    Membership.objects.create(organisation=organisation, user=owner, role=Role.OWNER)
    return organisation


def change_organisation(organisation: Organisation, name: str, time_zone: str) -> None:
    """The slug stays, so that links keep working."""
    organisation.name = name
    organisation.time_zone = time_zone
    organisation.save(update_fields=["name", "time_zone"])


def _free_slug(name: str) -> str:
    slug = slugify(name)[:50] or "organisation"
    if Organisation.objects.filter(slug=slug).exists():
        slug = f"{slug}-{get_random_string(6, 'abcdefghijkmnpqrstuvwxyz23456789')}"
    return slug
