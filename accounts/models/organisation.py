import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.enums import Declarant, Role
from accounts.validators import validate_time_zone
from echodepth.tenancy import TenantManager


def default_time_zone() -> str:
    return str(settings.DEFAULT_ORGANISATION_TIME_ZONE)


class Organisation(models.Model):
    """A tenant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True, max_length=60)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=default_time_zone, validators=[validate_time_zone]
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in an organisation. Found by user before any tenant is known, so not scoped."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.ANALYST)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership_a_person")
        ]


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
