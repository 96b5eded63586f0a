import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Project, Subject
from echodepth.tenancy import TenantManager


class StoredFile(models.Model):
    """A file a member sent us, as it lies in storage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="%(class)ss")
    title = models.CharField(_("title"), max_length=200)
    original_name = models.CharField(max_length=255)
    storage_key = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()

    class Meta:
        abstract = True
        ordering = ["-created_at"]
        # The list of an organisation's files, newest first, of a tenant among many.
        indexes = [models.Index(fields=["organisation", "-created_at", "-id"])]

    def __str__(self) -> str:
        return self.title


class Recording(StoredFile):
    """A video of a person speaking."""

    subject = models.ForeignKey(
        Subject, null=True, blank=True, on_delete=models.SET_NULL, related_name="recordings"
    )
    media_facts = models.JSONField(default=dict, blank=True)
    """What the probe found when it was uploaded, as `analysis.domain.summary.media_facts` gives it."""
    analysis_wanted = models.BooleanField(default=False)
    """An analysis begins as soon as nothing is missing any more that the declaration requires."""

    class Meta(StoredFile.Meta):
        # By its content the same recording is recognised when it is sent again.
        indexes = [*StoredFile.Meta.indexes, models.Index(fields=["organisation", "sha256"])]


class Document(StoredFile):
    """A document kept beside the recordings."""
