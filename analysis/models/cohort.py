import uuid
from typing import ClassVar

from django.db import models

from accounts.models import Organisation
from echodepth.tenancy import TenantManager


class CohortCalibration(models.Model):
    """One measurement of a cohort on an organisation's consenting subjects; it is never changed.

    What it holds is of the cohort as a whole: nothing of a single person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    cohort = models.CharField(max_length=20)
    """Key in the product's list."""
    number = models.PositiveIntegerField()
    """From 1, for each cohort of the organisation."""
    list_version = models.CharField(max_length=20)
    model = models.CharField(max_length=80)
    """Name and version of the Action Unit model that measured the recordings: it holds for that one alone."""
    parameters = models.JSONField()
    """As `CohortParameter`, one a group."""
    evidence = models.JSONField()
    """`people`, `recordings` and `seconds` of scored time in the cohort, `others`: people of other cohorts,
    `cohorts` that the reference is made of, and `raw`: by how much each group differed from it before it was
    shrunk, in natural logarithm."""
    made_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["cohort", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "cohort", "number"], name="calibrations_are_numbered"
            )
        ]

    @property
    def version(self) -> str:
        return f"{self.list_version}.{self.number}"
