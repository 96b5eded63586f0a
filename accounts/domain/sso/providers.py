"""The identity provider of the organisation in scope."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.sso.discovery import discover
from accounts.domain.sso.outbound import check_address
from accounts.enums import Role
from accounts.models import Domain, Identity, IdentityProvider, Organisation
from echodepth.encryption import UnreadableError, decrypt, encrypt
from echodepth.errors import UserError

PURPOSE = "sso client secret"
JOINING_ROLES = (Role.ANALYST, Role.REVIEWER, Role.VIEWER)
"""What a provider may make of a newcomer: nobody who could change it."""


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    name: str
    issuer: str
    client_id: str
    client_secret: str
    """Empty keeps the one that is stored."""
    role: Role


def provider_of_scope() -> IdentityProvider | None:
    found: IdentityProvider | None = IdentityProvider.objects.select_related("organisation").first()
    return found


def client_secret(provider: IdentityProvider) -> str:
    """Raises UserError `sso_secret_lost` where no key that is left can read it."""
    try:
        return decrypt(provider.client_secret, PURPOSE)
    except UnreadableError:
        sentence = _("The client secret can no longer be read. An admin must enter it again.")
        raise UserError("sso_secret_lost", sentence, 503) from None


@transaction.atomic
def keep_provider(organisation: Organisation, facts: ProviderFacts) -> IdentityProvider:
    """Set up the provider, or change it.

    Another issuer or client is another provider: its subjects are other people, whatever they are called.
    So the former one goes with everybody's links, and the new one is switched off. Raises UserError
    `sso_address_refused`, or `sso_secret_missing` where there is none to keep.
    """
    check_address(facts.issuer)
    before = provider_of_scope()
    same = before is not None and (before.issuer, before.client_id) == (facts.issuer, facts.client_id)
    if not facts.client_secret and not same:
        raise UserError("sso_secret_missing", _("Enter the client secret that belongs to this client."))
    if before and not same:
        remove_provider(before)
    kept = before if before and same else IdentityProvider(organisation=organisation)
    kept.name, kept.issuer, kept.client_id, kept.role = (
        facts.name,
        facts.issuer,
        facts.client_id,
        facts.role,
    )
    if facts.client_secret:
        kept.client_secret = encrypt(facts.client_secret, PURPOSE)
    kept.save()
    record(AuditAction.SSO_CHANGED, kept, change="changed" if same else "set_up", role=str(facts.role))
    return kept


def switch_on(provider: IdentityProvider) -> None:
    """After the provider answered as it should; the answer is not kept.

    Raises UserError `sso_no_domain`, `sso_secret_lost`, or as `discover` does.
    """
    if not Domain.objects.filter(proven_at__isnull=False).exists():
        sentence = _("Prove a domain first: people find single sign-on by the domain of their address.")
        raise UserError("sso_no_domain", sentence, 409)
    client_secret(provider)
    discover(provider.issuer)
    _switch(provider, on=True)


def switch_off(provider: IdentityProvider) -> None:
    """Sessions that came by it end at their next page."""
    _switch(provider, on=False)


@transaction.atomic
def remove_provider(provider: IdentityProvider) -> None:
    """With everybody's links; members stay members."""
    record(AuditAction.SSO_CHANGED, provider, change="removed")
    provider.delete()


@transaction.atomic
def unlink(identity: Identity) -> None:
    """The person may link again with their account's own sign-in, also as another subject."""
    record(AuditAction.SSO_CHANGED, identity.user, change="unlinked")
    identity.delete()


@transaction.atomic
def _switch(provider: IdentityProvider, *, on: bool) -> None:
    provider.enabled = on
    provider.save(update_fields=["enabled"])
    record(AuditAction.SSO_CHANGED, provider, change="on" if on else "off")
