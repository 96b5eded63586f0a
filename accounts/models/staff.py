import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from echodepth.tenancy import TenantManager


class StaffSession(models.Model):
    """A platform person's time-limited way into one organisation, for a reason the organisation reads."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    opened_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """When it was ended before its time, by the person or by the organisation."""

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["-opened_at"]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.ends_at > timezone.now()

    @property
    def until(self) -> datetime:
        """When it ended, or will."""
        return min(self.closed_at or self.ends_at, self.ends_at)
