"""Keys to the API: made, used and revoked. What a token may do is looked up anew at each use."""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import doors
from accounts.actor import Actor
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.enums import OrganisationState, Role, Scope
from accounts.models import ApiToken
from accounts.permissions import Action, Permissions
from echodepth.errors import UserError
from echodepth.tenancy import tenant

BEGINNING = "edt_"
"""So that a token is known as one wherever it turns up."""
SHOWN = 12
"""Characters by which its owner knows it again; far too few to guess the rest."""
MOST_DAYS = 365
MOST_TOKENS = 50
"""Of one member, that are neither revoked nor expired."""

NEEDS: dict[Scope, Action] = {
    Scope.READ: Action.VIEW,
    Scope.WRITE: Action.UPLOAD,
    Scope.DELETE: Action.DELETE,
    Scope.MEMBERS: Action.MANAGE_MEMBERS,
    Scope.AUDIT: Action.VIEW_AUDIT,
}
"""What the owner's role must allow for a scope to be of any use."""


class Unusable(StrEnum):
    """Why a token opens nothing."""

    UNKNOWN = "unknown"
    """Mistyped or revoked; or its owner, their role or their organisation is gone."""
    EXPIRED = "expired"


class TokenError(Exception):
    def __init__(self, why: Unusable) -> None:
        super().__init__(why)
        self.why = why


def scopes_for(can: Permissions) -> list[Scope]:
    """The scopes a member of this role can make use of."""
    return [scope for scope in Scope if can.may(NEEDS[scope])]


@transaction.atomic
def issue(actor: Actor, name: str, scopes: list[Scope], days: int) -> tuple[ApiToken, str]:
    """A new token of the member, and its text, which is kept nowhere.

    Raises UserError `members_only` for platform staff, `scope_not_allowed`, `too_many_tokens`.
    """
    if actor.membership is None:
        raise UserError("members_only", _("Only a member of the organisation can have API tokens."), 403)
    if not scopes or set(scopes) - set(scopes_for(actor.can)):
        raise UserError("scope_not_allowed", _("Your role does not allow one of these scopes."), 403)
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(days)
    now = timezone.now()
    mine = ApiToken.objects.filter(membership=actor.membership, revoked_at=None, expires_at__gt=now)
    if mine.count() >= MOST_TOKENS:
        sentence = _("You have as many tokens as one member may have. Revoke one you no longer use.")
        raise UserError("too_many_tokens", sentence, 409)
    secret = BEGINNING + secrets.token_urlsafe(32)
    token: ApiToken = ApiToken.objects.create(
        organisation=actor.organisation,
        membership=actor.membership,
        name=name,
        scopes=sorted(scopes),
        prefix=secret[:SHOWN],
        token_hash=digest(secret),
        expires_at=now + timedelta(days=days),
    )
    record(AuditAction.TOKEN_CREATED, token, scopes=",".join(token.scopes), days=days)
    return token, secret


def digest(secret: str) -> str:
    """As it is stored. The secret is 256 random bits: there is nothing to guess, so nothing to slow down."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def use(secret: str) -> tuple[ApiToken, Actor]:
    """The token and its owner as they act through it, with the rights their role gives them now.

    Raises TokenError where it opens nothing.
    """
    rows = doors.API_TOKEN.open(token_hash=digest(secret)) if secret.startswith(BEGINNING) else []
    if not rows:
        raise TokenError(Unusable.UNKNOWN)
    organisation_id, token_id = rows[0]
    with tenant(organisation_id):
        related = ApiToken.objects.select_related("membership__user", "organisation")
        token: ApiToken | None = related.filter(pk=token_id, revoked_at=None).first()
        if token is None or not _owner_is_there(token):
            raise TokenError(Unusable.UNKNOWN)
        if token.expires_at <= timezone.now():
            raise TokenError(Unusable.EXPIRED)
        _note_use(token)
    membership = token.membership
    can = Permissions(Role(membership.role))
    return token, Actor(membership.user, token.organisation, can, membership, token_id=token.pk)


def _owner_is_there(token: ApiToken) -> bool:
    return token.membership.user.is_active and token.organisation.state != OrganisationState.CLOSED


def _note_use(token: ApiToken) -> None:
    """Once a minute, so that reading does not write each time."""
    minute = timezone.now().replace(second=0, microsecond=0)
    stale = Q(last_used_at=None) | Q(last_used_at__lt=minute)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=minute)


def seen_by(actor: Actor) -> "QuerySet[ApiToken]":
    """The member's own tokens; everyone's for those who manage tokens. With member and user."""
    found: QuerySet[ApiToken] = ApiToken.objects.select_related("membership__user")
    return found if actor.can.manage_tokens else found.filter(membership=actor.membership)


def revoke(token: ApiToken) -> None:
    """At once and for good; again, it changes nothing."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
            record(AuditAction.TOKEN_REVOKED, token)
