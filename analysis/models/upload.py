import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Project
from analysis.enums import UploadState
from analysis.models.media import Recording
from echodepth.tenancy import TenantManager


class Upload(models.Model):
    """A recording on its way in: announced, received in parts, checked, then a `Recording` or refused."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=200, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    original_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    """Bytes that were announced."""
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the content, in hexadecimal, where the sender said it; believed only as far as it is compared."""
    client_key = models.CharField(max_length=64, blank=True)
    """By which a browser knows the file again after a reload: a hash of its name, size and time of change."""
    storage_key = models.CharField(max_length=255, blank=True)
    """Where the bytes lie or come in, and stay when the upload becomes a recording; empty before any came."""
    parts_id = models.CharField(max_length=1024, blank=True)
    """The storage's own name of the unfinished object (`echodepth.storage.parts`); empty once it is whole."""
    part_size = models.PositiveIntegerField(default=0)
    """Bytes of every part but the last, where the upload comes in parts."""
    state = models.CharField(max_length=20, choices=UploadState, default=UploadState.OPEN)
    checking_until = models.DateTimeField(null=True)
    """Until when whoever checks the file has it to itself; after that another may begin anew."""
    error_code = models.CharField(max_length=60, blank=True)
    error_sentence = models.TextField(blank=True)
    """Why it was refused, as the sender is told; nothing else of a refused file is kept."""
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    """When what is unfinished is swept away."""
    recording = models.OneToOneField(Recording, null=True, on_delete=models.SET_NULL, related_name="+")
    """What it became."""

    objects = TenantManager()

    SWEPT: ClassVar = ("organisation_id", "id", "recording_id", "state", "expires_at")
    """Columns a sweep over every organisation reads."""
