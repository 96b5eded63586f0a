"""Where a person may go: their organisations, and the page at which each begins for them."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from accounts import doors
from accounts.domain.sso.session import confined_to
from accounts.enums import Role
from accounts.models import User


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation as one of its members sees it in a list."""

    organisation_id: UUID
    slug: str
    name: str
    time_zone: str
    role: Role
    guest_of: UUID | None
    """As in `Membership`."""

    @property
    def front_page(self) -> str:
        return front_page(self.slug, self.guest_of)


def front_page(slug: str, guest_of: UUID | None) -> str:
    """Where the organisation begins: at the recordings; for a guest, at the one report."""
    if guest_of:
        return reverse("reports:result", args=[slug, guest_of])
    return reverse("analysis:recordings", args=[slug])


def places(user: User) -> list[Place]:
    """The person's organisations by name, without closed ones; one query, however many they are."""
    return [
        Place(organisation_id, slug, name, zone, Role(role), guest_of)
        for organisation_id, slug, name, zone, role, guest_of in doors.PLACES_OF.open(user_id=user.pk)
    ]


def open_places(request: HttpRequest) -> list[Place]:
    """Those that this session may enter: after single sign-on, the organisation that owns the provider."""
    if not isinstance(request.user, User):
        return []
    only = confined_to(request)
    return [place for place in places(request.user) if only in (None, place.organisation_id)]
