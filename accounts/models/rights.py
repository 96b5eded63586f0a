import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.enums import RightsKind, RightsState
from accounts.models.organisation import Organisation
from accounts.models.project import Subject
from echodepth.tenancy import TenantManager


class RightsRequest(models.Model):
    """What a person in recordings asked for by right, by when it is to be answered, and how it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, null=True, on_delete=models.SET_NULL, related_name="rights_requests")
    """None once the person is erased."""
    kind = models.CharField(max_length=20, choices=RightsKind)
    state = models.CharField(max_length=20, choices=RightsState, default=RightsState.OPEN)
    words = models.TextField(blank=True)
    """What the person wrote; erased with them."""
    answer = models.TextField(blank=True)
    """What the organisation wrote back; erased with them."""
    by_subject = models.BooleanField(default=False)
    """Asked at the person's link; else a member entered it."""
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    received_at = models.DateTimeField()
    due_on = models.DateField()
    prolonged_for = models.TextField(blank=True)
    """Why answering takes longer than it should, as the person is told; the due date is moved once."""
    copy_asked_at = models.DateTimeField(null=True)
    """When a copy was last asked for that is not made yet."""
    copy_with_media = models.BooleanField(default=False)
    """Whether recordings, frame tables and reports are to be in it."""
    export_key = models.CharField(max_length=255, blank=True)
    """The copy in storage, of a request for access."""
    export_sha256 = models.CharField(max_length=64, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["due_on"]
