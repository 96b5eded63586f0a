from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    REQUESTED = "requested", _("Waiting")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
