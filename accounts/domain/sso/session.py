"""A session that single sign-on made: whose it is, and where it ends.

The provider of one organisation vouched for the person, so the session is good for that organisation alone.
Were it good for the person's others, or for the person's account, an organisation's admin could enter
another one by letting the provider say whatever is wanted.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Identity
from echodepth.errors import UserError, Way
from echodepth.tenancy import tenant

ORGANISATION, PROVIDER = "sso_organisation", "sso_provider"
SECONDS = 12 * 3600
"""A person who left is signed in no longer than a working day; the provider is asked again then."""


@dataclass(frozen=True, slots=True)
class Confinement:
    organisation_id: UUID
    provider_id: UUID


def mark(session: Any, confinement: Confinement) -> None:
    """Bind the session to the organisation; it ends by itself."""
    session[ORGANISATION] = str(confinement.organisation_id)
    session[PROVIDER] = str(confinement.provider_id)
    session.set_expiry(SECONDS)


def confinement(request: HttpRequest) -> Confinement | None:
    """What the session is bound to; None for one of the person's own sign-in."""
    session: Any = getattr(request, "session", {})
    if ORGANISATION not in session:
        return None
    return Confinement(UUID(session[ORGANISATION]), UUID(session[PROVIDER]))


def confined_to(request: HttpRequest) -> UUID | None:
    """The only organisation this session reaches; None where it reaches all of the person's."""
    found = confinement(request)
    return found.organisation_id if found else None


def check_confinement(request: HttpRequest, actor: Actor) -> None:
    """Raises Http404 in another organisation, and for platform staff, whom no tenant's provider vouches for.

    Raises UserError `sso_session_over` when the provider was switched off or replaced, or the person
    unlinked, since the sign-in.
    """
    found = confinement(request)
    if found is None:
        return
    if actor.organisation.pk != found.organisation_id or actor.membership is None:
        raise Http404
    with tenant(found.organisation_id):
        linked = Identity.objects.filter(
            user=actor.user, provider=found.provider_id, provider__enabled=True
        ).exists()
    if not linked:
        sentence = _("Single sign-on of this organisation has changed. Sign out, then sign in again.")
        way = Way(_("Sign out"), reverse("account_logout"))
        raise UserError("sso_session_over", sentence, 403, way=way)
