import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.enums import Declarant, SubjectRole
from accounts.models.organisation import Organisation
from echodepth.tenancy import TenantManager


class Project(models.Model):
    """What recordings and documents are gathered under."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Subject(models.Model):
    """A person who is analysed, known by a label of the organisation's choosing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="subjects")
    label = models.CharField(_("label"), max_length=200)
    role = models.CharField(_("role"), max_length=20, choices=SubjectRole, default=SubjectRole.UNKNOWN)
    """What the person is to the organisation; the project's declaration says which roles may be analysed."""
    objected_at = models.DateTimeField(null=True)
    """When the person objected to being analysed; nothing of theirs is analysed after that."""
    cohort = models.CharField(max_length=20, blank=True)
    """Key of the cultural cohort that was declared; empty where none was."""
    cohort_declared_by = models.CharField(max_length=20, choices=Declarant, blank=True)
    cohort_entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    cohort_entered_at = models.DateTimeField(null=True)
    """When it was entered or taken back."""
    calibration_consent_on = models.DateField(null=True)
    """Day on which the subject consented that recordings calibrate a cohort; None without consent."""
    calibration_consent_entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint("project", Lower("label"), name="one_subject_a_label"),
            models.CheckConstraint(
                condition=models.Q(cohort="", cohort_declared_by="")
                | ~models.Q(cohort="") & ~models.Q(cohort_declared_by=""),
                name="a_cohort_is_declared_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.label
