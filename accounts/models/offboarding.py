import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.enums import OffboardingState
from accounts.models.erasure import Erasure
from accounts.models.organisation import Organisation
from echodepth.tenancy import TenantManager


class Offboarding(models.Model):
    """An organisation takes everything along, in files of bounded size, and may then have it erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=20, choices=OffboardingState, default=OffboardingState.EXPORTING)
    error_code = models.CharField(max_length=60, blank=True)
    """Why the last attempt broke off."""
    after_kind = models.CharField(max_length=40, blank=True)
    """Of the last file that is in a part already; empty before the first."""
    after_id = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    """Claims since the last part was made."""
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    erasure = models.ForeignKey(Erasure, null=True, on_delete=models.SET_NULL, related_name="+")
    """Of the whole organisation, once its owner wanted it."""

    objects = TenantManager()

    SWEPT: ClassVar = ("organisation_id", "id", "state", "lease_until", "asked_at")


class OffboardingPart(models.Model):
    """One of the zip files; the first holds the tables, the others hold files."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    offboarding = models.ForeignKey(Offboarding, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    """From 1."""
    storage_key = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    entries = models.PositiveIntegerField()
    """Files in the zip."""
    made_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["offboarding", "number"], name="offboarding_parts_are_numbered")
        ]
