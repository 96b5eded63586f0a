"""From an address or an id to a provider that may let people in now; nobody has said yet who they are."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts import doors
from accounts.domain.sso.names import domain_of
from accounts.enums import OrganisationState
from accounts.models import IdentityProvider
from echodepth.errors import UserError
from echodepth.tenancy import tenant


def provider_of(email: str) -> IdentityProvider:
    rows = doors.PROVIDER_OF_DOMAIN.open(domain=domain_of(email))
    if not rows:
        sentence = _("No organisation here uses single sign-on for this domain. Sign in with your password.")
        raise UserError("sso_unknown_domain", sentence, 404)
    return entered(rows[0][1])


def entered(provider_id: UUID) -> IdentityProvider:
    """The provider, with its organisation, where it may let people in now.

    Raises UserError `sso_switched_off`, also where the organisation is suspended: nobody has said yet who
    they are, and why it is stays between the organisation and the platform.
    """
    rows = doors.PROVIDER.open(provider_id=provider_id)
    provider: IdentityProvider | None = None
    if rows:
        with tenant(rows[0][0]):
            found = IdentityProvider.objects.select_related("organisation").filter(pk=provider_id)
            provider = found.filter(enabled=True, organisation__state=OrganisationState.ACTIVE).first()
    if provider is None:
        sentence = _("The single sign-on of your organisation is switched off. Ask an owner or an admin.")
        raise UserError("sso_switched_off", sentence, 403)
    return provider
