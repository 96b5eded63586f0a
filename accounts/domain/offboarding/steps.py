"""What goes last when an organisation leaves: its people's ways in, their accounts, and its own name.

What it recorded goes before, by the steps of the apps that hold it. A member's account goes with the
organisation unless it leads somewhere else too: into another organisation, or to the platform.
"""

from uuid import UUID

from django.db.models import SET_NULL, ForeignKey, Model
from django.utils import timezone

from accounts import doors
from accounts.domain.erasure.registry import Job, Order, register
from accounts.domain.erasure.things import note, writing
from accounts.domain.rights.accounts import forget
from accounts.enums import OrganisationState
from accounts.models import (
    ApiToken,
    AuditHead,
    AuditParty,
    AuditRecord,
    Certificate,
    Domain,
    ErasedThing,
    Erasure,
    Identity,
    IdentityProvider,
    Invitation,
    Membership,
    Organisation,
    StaffSession,
)
from echodepth.fence import tenant_models

KIND = "organisation"
CHUNK = 200
_WAYS_IN: tuple[type[Model], ...] = (Identity, IdentityProvider, Domain, ApiToken, Invitation, StaffSession)
KEPT: frozenset[type[Model]] = frozenset(
    {Organisation, Membership, AuditRecord, AuditHead, AuditParty, Erasure, ErasedThing, Certificate}
)
"""Tables that are not emptied with the rest: memberships and names go by steps of their own, and what is left
says in opaque ids what happened, and what was erased."""


def connect() -> None:
    """Called once, when the app is ready."""
    register(KIND, shut, Order.STOP)
    register(KIND, erase_rows, Order.ROWS + 5)
    register(KIND, erase_member, Order.ITSELF)
    register(KIND, erase_names, Order.ITSELF + 1)
    register(KIND, erase_name, Order.ITSELF + 2)


def shut(job: Job) -> bool:
    """Nobody comes in any more, by no token, invitation or single sign-on."""
    done = False
    for model in _WAYS_IN:
        done = _some_rows(job, model) or done
    return done


def erase_rows(job: Job) -> bool:
    """Whatever is left in any table, also in one that no other step knows of."""
    return any(_some_rows(job, model) for model in emptied())


def emptied() -> list[type[Model]]:
    """The tables that are emptied, those that refer to others before these."""
    left = [model for model in tenant_models() if model not in KEPT]
    ordered: list[type[Model]] = []
    while left:
        free = [model for model in left if not any(_refers(other, model) for other in left)]
        ordered += free or left[:1]  # tables that refer to each other: the database sorts it out
        left = [model for model in left if model not in ordered]
    return ordered


def _refers(other: type[Model], model: type[Model]) -> bool:
    """By a column that keeps the other row where it is: one that may become empty does not."""
    keys = (field for field in other._meta.concrete_fields if isinstance(field, ForeignKey))  # noqa: SLF001
    held = (key for key in keys if key.remote_field.on_delete is not SET_NULL)
    return other is not model and any(key.related_model is model for key in held)


def _some_rows(job: Job, model: type[Model]) -> bool:
    rows = model._default_manager  # noqa: SLF001 - Django's documented API
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return False
    with writing(job):
        for one in ids:
            note(job, model._meta.model_name or "", str(one))  # noqa: SLF001 - Django's documented API
        rows.filter(pk__in=ids).delete()
    return True


def erase_member(job: Job) -> bool:
    """One membership, and the account where it leads nowhere else."""
    membership = Membership.objects.select_related("user").order_by("pk").first()
    if membership is None:
        return False
    user = membership.user
    elsewhere = [row for row in doors.MEMBERSHIPS_OF.open(user_id=user.pk) if row[0] != job.object_id]
    with writing(job):
        note(job, "membership", str(membership.pk))
        membership.delete()
        if not elsewhere and not user.is_staff:
            note(job, "user", str(user.pk))
            forget(user)
    return True


def erase_names(job: Job) -> bool:
    """Whatever name is still kept beside the audit trail."""
    names = list(AuditParty.objects.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    if not names:
        return False
    with writing(job):
        for one in names:
            note(job, "name beside the audit trail", str(one))
        AuditParty.objects.filter(pk__in=names).delete()
    return True


def erase_name(job: Job) -> bool:
    """The organisation's row stays without a name: its certificates hang on it."""
    if not Organisation.objects.filter(pk=job.object_id, erased_at=None).exists():
        return False
    with writing(job):
        note(job, KIND, str(job.object_id))
        Organisation.objects.filter(pk=job.object_id).update(**_nameless(job.object_id))
    return True


def _nameless(organisation_id: UUID) -> dict[str, object]:
    return {
        "name": f"erased {organisation_id.hex[:8]}",
        "slug": f"erased-{organisation_id.hex}",
        "state": OrganisationState.CLOSED,
        "state_reason": "",
        "state_changed_at": timezone.now(),
        "privacy_contact": "",
        "shows_retention": False,
        "erased_at": timezone.now(),
    }
