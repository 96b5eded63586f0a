import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from accounts.models.user import User
from echodepth.tenancy import TenantManager


class Domain(models.Model):
    """A mail domain an organisation says is its own, and when its DNS proved that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("domain"), max_length=253)
    """In lower case, IDNA-encoded."""
    secret = models.CharField(max_length=64)
    """What the TXT record must hold."""
    proven_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="a_domain_is_named_once"),
            # Two organisations may claim a domain; one of them can have proven it.
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(proven_at__isnull=False), name="one_owner_a_domain"
            ),
        ]


class IdentityProvider(models.Model):
    """An organisation's OpenID Connect provider."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    issuer = models.URLField(_("issuer"))
    client_id = models.CharField(_("client ID"), max_length=255)
    client_secret = models.TextField(_("client secret"))
    """Encrypted with a key made from SECRET_KEY."""
    role = models.CharField(_("role of new members"), max_length=20)
    """A value of `Role`, for people who join by it; never owner, admin or guest."""
    enabled = models.BooleanField(_("in use"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()


class Identity(models.Model):
    """That a provider's subject is a person here. The pair is the identity; its address is only told."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="identities")
    subject = models.CharField(max_length=255)
    """The `sub` claim."""
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="one_identity_a_subject"),
            models.UniqueConstraint(fields=["provider", "user"], name="one_identity_a_person"),
        ]
