import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Organisation
from echodepth.tenancy import TenantManager
from reports.enums import ReviewOutcome
from reports.models.report import Report


class Review(models.Model):
    """What a person found who read a report: signed, or sent back. Until it is signed, it is a draft."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="reviews")
    outcome = models.CharField(max_length=20, choices=ReviewOutcome)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=200)
    """As the reviewer signed; the report shows it."""
    remarks = models.TextField(blank=True)
    report_sha256 = models.CharField(max_length=64)
    """Of the draft that was read, in hexadecimal."""
    reviewed_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["-reviewed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=models.Q(outcome=ReviewOutcome.SIGNED),
                name="a_report_is_signed_once",
            )
        ]
