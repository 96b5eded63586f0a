import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.enums import SubjectRole
from accounts.models import Organisation, Subject
from analysis.models.media import Recording
from echodepth.tenancy import TenantManager


class TrackAssignment(models.Model):
    """Who a face track of a recording is: its role, and the subject where it is one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="assignments")
    engine_version = models.CharField(max_length=40)
    """Of the engine that numbered the tracks: another one may number them otherwise."""
    track = models.PositiveIntegerField()
    seen = models.JSONField(default=dict, blank=True)
    """When and where the face was that this was said of: `start` and `end` in seconds, a `box` in pixels."""
    role = models.CharField(max_length=20, choices=SubjectRole)
    subject = models.ForeignKey(Subject, null=True, on_delete=models.SET_NULL, related_name="+")
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    assigned_at = models.DateTimeField(auto_now=True)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["recording", "track"]
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "engine_version", "track"], name="one_assignment_a_track"
            )
        ]
