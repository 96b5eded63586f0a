import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.enums import ConsentState, ConsentWay, TextKind
from accounts.models.organisation import Organisation
from accounts.models.project import Subject
from echodepth.tenancy import TenantManager


class PrivacyText(models.Model):
    """One version of a text that people are shown: an organisation's own, begun from a template.

    A version that is published is never changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=TextKind)
    language = models.CharField(max_length=10)
    """BCP 47, such as `en` or `de`."""
    version = models.PositiveIntegerField()
    """From 1, for each kind and language."""
    title = models.CharField(max_length=200)
    body = models.TextField()
    """Plain text; blank lines part paragraphs."""
    sha256 = models.CharField(max_length=64, blank=True)
    """Of kind, language, title and body, in hexadecimal, once it is published."""
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["kind", "language", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "language", "version"], name="texts_are_numbered"
            )
        ]


class Consent(models.Model):
    """One person's consent: asked for, given, perhaps withdrawn. What was given is never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(PrivacyText, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=ConsentState, default=ConsentState.ASKED)
    way = models.CharField(max_length=20, choices=ConsentWay)
    purposes = models.JSONField(default=list)
    """Keys of purposes in the table of rules: those that are asked for; once it is given, those it covers.
    Likewise `culture` and `calibration`."""
    culture = models.BooleanField(default=False)
    """Whether the person's cultural cohort may be declared and used."""
    calibration = models.BooleanField(default=False)
    """Whether the person's recordings may calibrate a cohort."""
    until = models.DateField(null=True)
    """The last day of its term, asked for together with the rest."""
    email = models.EmailField(blank=True)
    """Where the link was sent, if it was sent."""
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    """SHA-256 of the link's secret, in hexadecimal; the secret itself is kept nowhere. Empty without one."""
    signer = models.CharField(max_length=200, blank=True)
    """The person's name as they signed."""
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """The member who uploaded the form, or attested."""
    form_key = models.CharField(max_length=255, blank=True)
    """The uploaded form in storage."""
    form_sha256 = models.CharField(max_length=64, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    """Of all that was agreed to and how, in hexadecimal (`accounts.domain.consent`)."""
    asked_at = models.DateTimeField(auto_now_add=True)
    link_expires_at = models.DateTimeField(null=True)
    """Until when it can be signed at the link; a signed one can be withdrawn there at any time."""
    given_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_subject = models.BooleanField(default=False)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["-asked_at"]


class Notice(models.Model):
    """That a person was told of the analysis before it, or at the latest at it (EU AI Act, Art. 50(3))."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="notices")
    text = models.ForeignKey(PrivacyText, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=40)
    """`link`, `written`, `spoken`: how the person was told."""
    shown_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """None where the person opened it at a link."""

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["-shown_at"]
