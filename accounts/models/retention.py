import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.enums import DataClass, RetentionStart
from accounts.models.organisation import Organisation
from accounts.models.project import Project
from echodepth.tenancy import TenantManager


class RetentionPolicy(models.Model):
    """How long a class of data is kept, in the whole organisation or in one project."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="+")
    """None for the organisation's own; a project's goes before it."""
    data_class = models.CharField(max_length=20, choices=DataClass)
    days = models.PositiveIntegerField()
    counted_from = models.CharField(max_length=20, choices=RetentionStart)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    set_at = models.DateTimeField(auto_now=True)

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "data_class"], name="one_policy_a_project_and_class"),
            models.UniqueConstraint(
                fields=["organisation", "data_class"],
                condition=models.Q(project=None),
                name="one_policy_an_organisation_and_class",
            ),
        ]


class Retention(models.Model):
    """Until when one object's data of one class are kept. It goes when they are erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="+")
    data_class = models.CharField(max_length=20, choices=DataClass)
    kind = models.CharField(max_length=40)
    """Model of the object, such as `recording`."""
    object_id = models.UUIDField()
    starts_at = models.DateTimeField()
    """When it was made: the upload, of what was uploaded; the end of its term, of a consent."""
    reported_at = models.DateTimeField(null=True)
    """When the last report on it was ready."""
    touched_at = models.DateTimeField(null=True)
    """When the person in it last had to do with the organisation; None where nothing came since."""
    due_at = models.DateTimeField(null=True)
    """By the policy; None before it was reckoned."""
    extended_until = models.DateTimeField(null=True)
    extended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    noticed_at = models.DateTimeField(null=True)
    """When members were told that it will be erased."""
    asked_at = models.DateTimeField(null=True)
    """When its erasure was asked for because its time was over."""

    objects = TenantManager()

    SWEPT: ClassVar = (
        *("organisation_id", "id", "data_class", "kind", "object_id"),
        *("due_at", "extended_until", "noticed_at", "asked_at"),
    )

    class Meta:
        ordering: ClassVar = ["due_at"]
        indexes = [models.Index(fields=["due_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["data_class", "kind", "object_id"], name="one_retention_an_object"
            )
        ]


class LegalHold(models.Model):
    """That nothing of a project, a subject or a recording may be erased, why, and until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    """`organisation`, `project`, `subject`, `recording` or `document`."""
    object_id = models.UUIDField()
    reason = models.TextField()
    until = models.DateField(null=True)
    """The last day; None until it is released."""
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    placed_at = models.DateTimeField(auto_now_add=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    released_at = models.DateTimeField(null=True)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["-placed_at"]
        indexes = [models.Index(fields=["organisation", "object_id"])]
