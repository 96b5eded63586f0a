import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models.organisation import Organisation
from echodepth.tenancy import TenantManager


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by what has become of them."""

    def waiting(self) -> Self:
        """Neither accepted nor withdrawn; those that have expired included."""
        return self.filter(accepted_at=None, revoked_at=None)

    def usable(self) -> Self:
        """Those that could be accepted now."""
        return self.waiting().filter(expires_at__gt=timezone.now())

    def withdraw(self) -> int:
        """Make the links of those that wait void; how many did."""
        return self.waiting().update(revoked_at=timezone.now())


class Invitation(models.Model):
    """That an address may join an organisation once, until it expires."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    guest_of = models.UUIDField(null=True)
    """As in `Membership`."""
    token_hash = models.CharField(max_length=64, unique=True)
    """SHA-256 of the secret in the mail's link, in hexadecimal; the secret itself is kept nowhere."""
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    objects = TenantManager(queryset=InvitationQuerySet)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "email",
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_an_address",
            ),
        ]
