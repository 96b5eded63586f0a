"""What the queue may start. A task takes ids, enters its tenant's scope and calls one domain function."""

from uuid import UUID

from accounts.domain.erasure import erasures
from accounts.domain.offboarding import exports
from accounts.domain.rights import copies
from echodepth.tenancy import tenant


def erase(organisation_id: str, erasure_id: str) -> None:
    """Answer a wake-up; safe when run twice, even at once."""
    with tenant(UUID(organisation_id)):
        erasures.work(UUID(erasure_id))


def take_along(organisation_id: str, offboarding_id: str) -> None:
    """Make the next file of all that an organisation has; safe when run twice, even at once."""
    with tenant(UUID(organisation_id)):
        exports.work(UUID(offboarding_id))


def make_copy(organisation_id: str, request_id: str) -> None:
    """Make the copy of a person's data that was asked for; safe when run twice, even at once."""
    with tenant(UUID(organisation_id)):
        copies.make(UUID(request_id))
