from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record, record_as
from accounts.doors import organisation_named
from accounts.models import Organisation, User
from echodepth.tenancy import tenant


@transaction.atomic
def create_organisation(name: str, time_zone: str, by: User | None = None) -> Organisation:
    """A new organisation, without members: its first owner is invited, or added. `by` is of the platform."""
    organisation = Organisation(name=name, slug=_free_slug(name), time_zone=time_zone)
    with tenant(organisation.pk):
        organisation.save()
        if by:
            record_as(by, AuditAction.ORGANISATION_CREATED, organisation)
        else:
            record(AuditAction.ORGANISATION_CREATED, organisation)
    return organisation


@transaction.atomic
def change_organisation(organisation: Organisation, name: str, time_zone: str) -> None:
    """The slug stays, so that links keep working."""
    changed = {"name": name != organisation.name, "time_zone": time_zone != organisation.time_zone}
    organisation.name = name
    organisation.time_zone = time_zone
    organisation.save(update_fields=["name", "time_zone"])
    record(AuditAction.ORGANISATION_CHANGED, organisation, **changed)


def _free_slug(name: str) -> str:
    slug = slugify(name)[:50] or "organisation"
    if organisation_named(slug):
        slug = f"{slug}-{get_random_string(6, 'abcdefghijkmnpqrstuvwxyz23456789')}"
    return slug
