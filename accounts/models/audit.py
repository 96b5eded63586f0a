import uuid
from typing import Any, ClassVar, NoReturn

from django.db import models

from accounts.enums import PartyKind
from accounts.models.organisation import Organisation
from echodepth.tenancy import TenantManager


class AppendOnlyError(Exception):
    """Somebody tried to change or delete what is written once."""


class AppendOnlyQuerySet(models.QuerySet["AuditRecord"]):
    """Reads and adds; on PostgreSQL the application's role may do no more either."""

    def update(self, **_fields: Any) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError

    def bulk_update(self, *_args: Any, **_options: Any) -> NoReturn:
        raise AppendOnlyError

    def bulk_create(self, *args: Any, **options: Any) -> list["AuditRecord"]:
        if options.get("update_conflicts"):
            raise AppendOnlyError
        return super().bulk_create(*args, **options)

    def expire(self) -> int:
        """Delete for good, behind a signed cut; how many. On PostgreSQL the tables' owner alone can."""
        return int(self._raw_delete(self.db))


class AuditRecord(models.Model):
    """One line of an organisation's audit trail: written once, chained by hash to the line before it.

    It holds opaque ids alone; who and what they are stands in `AuditParty`, which can be erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    """From 1, without gaps."""
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    """A value of `accounts.audit_actions.AuditAction`."""
    actor = models.UUIDField(null=True)
    """The party that did it; None for the product itself."""
    staff_session = models.UUIDField(null=True)
    """Set where platform staff acted: the `StaffSession`, with its reason."""
    token = models.UUIDField(null=True)
    """The API token it was done with."""
    address = models.UUIDField(null=True)
    """The party that is the network address it came from."""
    target_kind = models.CharField(max_length=40, blank=True)
    """Model of what it was done to, such as `recording`."""
    target = models.CharField(max_length=64, blank=True)
    """Its primary key."""
    facts = models.JSONField(default=dict)
    """More, of few values: codes, roles, states, counts; no names and no addresses."""
    request_id = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    """SHA-256 in hexadecimal."""

    objects = TenantManager(queryset=AppendOnlyQuerySet)

    APPEND_ONLY: ClassVar = True
    """On PostgreSQL the application's role may insert and read, and nothing else."""

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="audit_is_numbered")]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "at"]),
            models.Index(fields=["organisation", "target"]),
            models.Index(fields=["organisation", "action"], name="audit_by_action"),
            models.Index(fields=["organisation", "actor"], name="audit_by_actor"),
            models.Index(
                fields=["organisation", "staff_session"],
                condition=models.Q(staff_session__isnull=False),
                name="audit_by_staff_session",
            ),
        ]

    def save(self, *args: Any, **options: Any) -> None:
        """Raises AppendOnlyError for a record that is written already."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **options | {"force_insert": True})

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        raise AppendOnlyError


class AuditParty(models.Model):
    """The name behind an opaque id of the trail; erasing the row leaves the trail whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=PartyKind)
    key = models.CharField(max_length=100)
    """What is looked up: a user's id, a network address, a target's id."""
    name = models.CharField(max_length=300)
    """What is shown: an e-mail address, a network address, a title."""

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "key"], name="one_party_a_key")
        ]


class AuditHead(models.Model):
    """Where an organisation's trail begins and ends, signed: lines cut off at either end are missed."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    number = models.PositiveBigIntegerField(default=0)
    """Of the newest record; 0 before the first."""
    hash = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=200, blank=True)
    """Signature of organisation, number and hash."""
    cut_number = models.PositiveBigIntegerField(default=0)
    """Of the newest record that expired; the trail goes on behind it."""
    cut_hash = models.CharField(max_length=64, blank=True)
    cut_at = models.DateTimeField(null=True)
    cut_seal = models.CharField(max_length=200, blank=True)

    objects = TenantManager()
