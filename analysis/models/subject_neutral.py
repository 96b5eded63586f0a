import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Organisation, Subject
from echodepth.tenancy import TenantManager


class SubjectNeutral(models.Model):
    """That the neutral and range of one result count for its subject, from when and until when.

    Rows are never changed back: they are the record of who kept a neutral and who reset it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="neutrals")
    run = models.ForeignKey("analysis.Run", null=True, on_delete=models.SET_NULL, related_name="+")
    """Whose result it is; None once that is deleted."""
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kept_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Who reset it, or kept another one instead."""
    ended_at = models.DateTimeField(null=True)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["-kept_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=models.Q(ended_at=None),
                name="one_kept_neutral_a_subject",
            ),
        ]
