import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.enums import DataClass, ErasureReason, ErasureState
from accounts.models.organisation import Organisation
from echodepth.tenancy import TenantManager


class Erasure(models.Model):
    """The work of erasing something for good, chunk by chunk; any worker goes on where another stopped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20, choices=ErasureReason)
    kind = models.CharField(max_length=40)
    """Model of what is to go, with all that belongs to it: `recording`, `document`, `run`, `subject`,
    `project`, `consent`, `organisation`."""
    object_id = models.UUIDField()
    data_class = models.CharField(max_length=20, choices=DataClass, blank=True)
    """Only data of this class, where a policy ends it; empty for everything."""
    policy = models.JSONField(default=dict, blank=True)
    """The policy as it was: class, days, counted from, due; empty where no policy is the reason."""
    rights_request = models.UUIDField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """None for the product itself, and for a person at their link."""
    state = models.CharField(max_length=20, choices=ErasureState, default=ErasureState.REQUESTED)
    error_code = models.CharField(max_length=60, blank=True)
    """Why the last attempt broke off; it is tried again."""
    attempts = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)
    """Before then it is not tried again."""
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = TenantManager()

    SWEPT: ClassVar = (
        *("organisation_id", "id", "state", "attempts"),
        *("lease_until", "rest_until", "requested_at"),
    )

    class Meta:
        ordering: ClassVar = ["-requested_at"]
        indexes = [models.Index(fields=["state", "lease_until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "data_class"],
                condition=~models.Q(state=ErasureState.DONE),
                name="one_erasure_under_way",
            )
        ]


class ErasedThing(models.Model):
    """One row or object that an erasure took away: ids and hashes, nothing of what it said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="things")
    kind = models.CharField(max_length=40)
    """`recording`, `frame table`, `segment`, `queue task`, and so on."""
    object_id = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the content, in hexadecimal, where a row knew it."""
    size = models.PositiveBigIntegerField(null=True)
    """Bytes, where they are known."""
    versions = models.PositiveIntegerField(default=0)
    """Older versions of the object that storage had and that went with it."""
    count = models.PositiveIntegerField(default=1)
    erased_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["erasure", "kind", "object_id"], name="erased_once_an_erasure")
        ]


class Certificate(models.Model):
    """The signed statement of what an erasure took away. It holds no personal data, and stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    erasure = models.OneToOneField(Erasure, on_delete=models.PROTECT, related_name="certificate")
    body = models.JSONField()
    """What is signed, as canonical JSON (`accounts.domain.erasure.certificates`)."""
    public_key = models.CharField(max_length=64)
    """Ed25519, in hexadecimal."""
    signature = models.CharField(max_length=128)
    """Of the body's canonical bytes, in hexadecimal."""
    issued_at = models.DateTimeField()

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["-issued_at"]
