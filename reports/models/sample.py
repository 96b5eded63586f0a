import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation, Project
from analysis.models import Document, Recording
from echodepth.tenancy import TenantManager
from reports.enums import SampleState


class SampleRequest(models.Model):
    """A free sample analysis: asked for by a prospect, or entered by staff; in the desk's organisation.

    Its file, its declared use and its person lie in a project of its own, which is erased as a whole. What
    names the prospect goes with it; the row stays, for figures and for the certificate at the link.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=12)
    """Such as `S-7KQ2-M4`: for people who talk of it, and in no address."""
    project = models.OneToOneField(Project, null=True, on_delete=models.SET_NULL, related_name="sample")
    recording = models.OneToOneField(Recording, null=True, on_delete=models.SET_NULL, related_name="sample")
    document = models.OneToOneField(Document, null=True, on_delete=models.SET_NULL, related_name="sample")
    """One of the two, once the file is there."""

    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    company = models.CharField(max_length=200, blank=True)
    wish = models.TextField(blank=True)
    """What the prospect wants to learn."""
    country = models.CharField(max_length=2)
    """ISO 3166-1, of the prospect: whose public holidays count."""
    region = models.CharField(max_length=20)
    """Key of `accounts.domain.lawful.choices.REGIONS`, of the people in the recording."""
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Staff who entered it; None where the prospect asked at the public form."""

    state = models.CharField(max_length=20, choices=SampleState, default=SampleState.UNCONFIRMED)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    """When the link that was mailed to the address was used."""
    received_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    """Last day of the working days that are promised, in the prospect's country; None before RECEIVED."""
    paused_at = models.DateTimeField(null=True)
    """Since when the clock stands, while it is ASKED."""
    pauses = models.JSONField(default=list)
    """Pauses that are over: lists of two ISO 8601 moments."""
    ended_at = models.DateTimeField(null=True)
    """When it was delivered, declined or withdrawn."""
    erase_on = models.DateField(null=True)
    """The day on which everything of it is erased, unless the prospect becomes a customer."""
    erased_at = models.DateTimeField(null=True)
    erasure = models.UUIDField(null=True)
    """The `accounts.Erasure` whose certificate the prospect gets."""
    became = models.UUIDField(null=True)
    """The organisation that the prospect became."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    tags = models.JSONField(default=list)
    """Words of the desk's, in lower case."""
    question = models.TextField(blank=True)
    """What was asked of the prospect last."""
    answer = models.TextField(blank=True)
    note = models.TextField(blank=True)
    """The covering note, which goes with the report."""
    reason = models.TextField(blank=True)
    """Why it was declined, as the prospect reads it."""
    reminded_on = models.DateField(null=True)

    token_hash = models.CharField(max_length=64)
    """SHA-256 of the secret of the prospect's link, in hexadecimal."""
    delivered_at = models.DateTimeField(null=True)
    """When the report was delivered; it stays, whatever came afterwards."""
    report_until = models.DateTimeField(null=True)
    """Until when the delivered report can be opened at the link."""
    code_hash = models.CharField(max_length=128, blank=True)
    """Of the code that was mailed last and opens the report; made as passwords are."""
    code_until = models.DateTimeField(null=True)
    code_attempts = models.PositiveSmallIntegerField(default=0)

    objects = TenantManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="one_sample_a_reference"),
            models.UniqueConstraint(fields=["token_hash"], name="one_sample_a_link"),
            models.CheckConstraint(
                condition=Q(recording=None) | Q(document=None), name="a_sample_is_of_one_file"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "due_on"], name="samples_by_due_date"),
            models.Index(fields=["organisation", "-created_at"], name="samples_newest_first"),
        ]

    def __str__(self) -> str:
        return self.reference
