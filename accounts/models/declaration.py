import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.enums import UseState
from accounts.models.organisation import Organisation
from accounts.models.project import Project
from echodepth.tenancy import TenantManager


class Declaration(models.Model):
    """What a project's recordings are analysed for, as somebody declared it, and what the rules say of it.

    Rows are never changed but to be confirmed and to end: another declaration follows as another row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="declarations")
    purpose = models.CharField(max_length=40)
    """A purpose's key in the table of rules (`accounts.domain.lawful.rules`); likewise setting and region."""
    setting = models.CharField(max_length=40)
    region = models.CharField(max_length=20)
    people = models.JSONField(default=list)
    """Values of `SubjectRole`, and groups of people that the table names: who will be in the recordings."""
    details = models.TextField(blank=True)
    """In the organisation's own words."""
    rules_version = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=UseState)
    outcome = models.JSONField(default=dict)
    """What the rules said: rules that apply, what is required, roles that may be analysed."""
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    declared_at = models.DateTimeField(auto_now_add=True)
    confirmed_name = models.CharField(max_length=200, blank=True)
    """The responsible person who confirmed it, as they wrote their name."""
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When another one took its place."""

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["-declared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(ended_at=None), name="one_declaration_a_project"
            )
        ]
