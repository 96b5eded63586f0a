from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member may do in an organisation; each includes what the later ones may."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    ANALYST = "analyst", _("Analyst")
    VIEWER = "viewer", _("Viewer")


class Declarant(models.TextChoices):
    """Who says to which cultural cohort a subject belongs."""

    SUBJECT = "subject", _("The subject")
    ANALYST = "analyst", _("An analyst")
