"""People with an account: a copy of what is held of them, and their erasure. Operators run both."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import doors
from accounts.domain.audit_erasure import erase_person
from accounts.domain.rights.exporters import Row, copy_of
from accounts.enums import PlatformRole, Role
from accounts.models import Identity, Invitation, Membership, User
from echodepth import personal
from echodepth.errors import UserError
from echodepth.tenancy import tenant

EXPORTER = "account"
THEIRS = {
    "accounts.User": "pk",
    "accounts.Invitation": "email__iexact",
    "accounts.ApiToken": "membership__user",
    "accounts.Declaration": "confirmed_by",
    "reports.Review": "reviewer",
}
"""How the rows of a model are found that are somebody's; `user` for every other."""


def copy(user: User) -> dict[str, list[Row]]:
    """Every row that says something of the person, by model, from every organisation."""
    labels = [label for label, fields in personal.classed().items() if _is_copied(fields)]
    return {label: list(_rows(label, user)) for label in labels}


def _is_copied(fields: dict[str, personal.Classed]) -> bool:
    return any(what.exporter == EXPORTER for what in fields.values())


def _rows(label: str, user: User) -> Iterator[Row]:
    model = apps.get_model(label)
    way = THEIRS.get(label, "user")
    whose: Any = user.email if way.startswith("email") else user.pk
    rows = model._default_manager  # noqa: SLF001 - Django's documented API, likewise below
    if not any(field.name == "organisation" for field in model._meta.local_fields):  # noqa: SLF001
        yield from (copy_of(row, EXPORTER) for row in rows.filter(**{way: whose}))
        return
    for organisation_id, _slug in doors.ORGANISATIONS.open():
        with tenant(organisation_id):
            yield from (copy_of(row, EXPORTER) for row in rows.filter(**{way: whose}))


def erase(user: User) -> None:
    """Take the person out of every organisation and every trail, and leave an account that is nobody's.

    The account's number stays, since rows name it. Raises UserError `last_owner` before anything is done
    where an organisation would be left without an owner.
    """
    places = [organisation_id for organisation_id, _slug in doors.ORGANISATIONS.open()]
    for organisation_id in places:
        with tenant(organisation_id):
            _need_another_owner(user)
    for organisation_id in places:
        with tenant(organisation_id):
            _leave(user)
    forget(user)


def _need_another_owner(user: User) -> None:
    owners = Membership.objects.filter(role=Role.OWNER)
    if owners.filter(user=user).exists() and not owners.exclude(user=user).exists():
        raise UserError(
            "last_owner", _("An organisation keeps at least one owner. Make someone else owner first."), 409
        )


@transaction.atomic
def _leave(user: User) -> None:
    Membership.objects.filter(user=user).delete()
    Identity.objects.filter(user=user).delete()
    Invitation.objects.filter(email__iexact=user.email).delete()
    erase_person(user.pk, user.email)


@transaction.atomic
def forget(user: User) -> None:
    """Everything outside of organisations that says who it was, or lets somebody in."""
    sessions = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    for model in (UserSession, EmailAddress, Authenticator, SocialAccount):
        model.objects.filter(user=user).delete()
    user.email, user.full_name = f"erased-{user.pk}@erased.invalid", ""
    user.is_active, user.last_login, user.platform_role = False, None, PlatformRole.NONE
    user.set_unusable_password()
    user.save()
