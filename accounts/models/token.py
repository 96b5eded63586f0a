import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Membership, Organisation
from echodepth.tenancy import TenantManager


class ApiToken(models.Model):
    """A member's key to the API of one organisation; it dies with the membership."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    scopes = models.JSONField(default=list)
    """Values of `accounts.enums.Scope`."""
    prefix = models.CharField(max_length=12)
    """How the token begins, so that its owner knows it again."""
    token_hash = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token in hexadecimal; the token is shown once and kept nowhere."""
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    """To the minute."""
    revoked_at = models.DateTimeField(null=True)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
