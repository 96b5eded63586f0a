import uuid
from typing import ClassVar

from django.db import models

from accounts.models import Organisation
from analysis.models import Run
from echodepth.tenancy import TenantManager
from reports.enums import ReportState


class Report(models.Model):
    """The PDF of one run."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="report")
    state = models.CharField(max_length=20, choices=ReportState, default=ReportState.REQUESTED)
    error_code = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    """Claims there were: each has its number, and stores under it."""
    released = models.PositiveSmallIntegerField(default=0)
    """Of these, claims that a worker gave back because it had to stop: they do not count."""
    claimed_until = models.DateTimeField(null=True)
    """While a worker is rendering it; after that moment another may."""
    woken_at = models.DateTimeField(null=True)
    """When a worker was last woken to render a report anew; None for the first rendering, which its run
    waits for."""
    storage_key = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    """Of what it was made from beside the result (`reports.domain.facts.draft_source`), in hexadecimal."""
    pages = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)

    objects = TenantManager()

    SWEPT: ClassVar = ("organisation_id", "id", "state", "claimed_until", "woken_at")
    """What the sweep reads over every organisation: whose, which, its state, and when."""

    @property
    def is_ready(self) -> bool:
        return self.state == ReportState.READY

    @property
    def is_failed(self) -> bool:
        return self.state == ReportState.FAILED
