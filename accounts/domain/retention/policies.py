"""How long data are kept: a project's policy goes before the organisation's, that before the platform's."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from accounts.domain.retention import limits
from accounts.domain.retention.limits import BIOMETRIC, LIMITS
from accounts.enums import DataClass, RetentionStart
from accounts.models import Declaration, Project, RetentionPolicy

Source = Literal["project", "organisation", "platform"]

ILLINOIS: Final = "us_illinois"
ILLINOIS_DAYS: Final = 1095
"""740 ILCS 14/15(a): at most three years after the person's last interaction (docs/retention.md)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How long one class of data is kept, and who said so."""

    data_class: DataClass
    days: int
    counted_from: RetentionStart
    source: Source = "platform"
    ceiling: int | None = None
    """Days after the person's last interaction at the latest, where the law of the region says so."""

    @property
    def time(self) -> timedelta:
        return timedelta(days=self.days)


def of(data_class: DataClass | str, project: Project | UUID | None = None) -> Policy:
    """What holds in the project, or in the organisation in scope where there is none."""
    return table(project)[DataClass(data_class)]


def table(project: Project | UUID | None = None) -> dict[DataClass, Policy]:
    """What holds for each class, in the order of `LIMITS`; three queries at most."""
    project_id = project.pk if isinstance(project, Project) else project
    chosen: dict[tuple[DataClass, Source], RetentionPolicy] = {}
    rows = RetentionPolicy.objects.all()
    for row in rows.filter(project=None):
        chosen[DataClass(row.data_class), "organisation"] = row
    if project_id:
        for row in rows.filter(project=project_id):
            chosen[DataClass(row.data_class), "project"] = row
    illinois = bool(project_id) and is_illinois(project_id)
    return {data_class: _policy(data_class, chosen, illinois) for data_class in LIMITS}


def of_projects(data_class: DataClass | str, project_ids: list[UUID]) -> dict[UUID, Policy]:
    """What holds for one class in each of these projects; two queries however many there are."""
    wanted = DataClass(data_class)
    rows = list(RetentionPolicy.objects.filter(data_class=wanted))
    usual: dict[tuple[DataClass, Source], RetentionPolicy] = {}
    for row in rows:
        if row.project_id is None:
            usual[wanted, "organisation"] = row
    own = {row.project_id: row for row in rows if row.project_id}
    current = Declaration.objects.filter(ended_at=None, region=ILLINOIS).values_list("project", flat=True)
    illinois = set(current)
    return {
        project_id: _policy(
            wanted,
            usual | ({(wanted, "project"): own[project_id]} if project_id in own else {}),
            project_id in illinois,
        )
        for project_id in project_ids
    }


def is_illinois(project_id: UUID | None) -> bool:
    """Whether the use that the project declares is in Illinois."""
    current = Declaration.objects.filter(project=project_id, ended_at=None)
    return bool(current.filter(region=ILLINOIS).exists())


def _policy(
    data_class: DataClass, chosen: dict[tuple[DataClass, Source], RetentionPolicy], illinois: bool
) -> Policy:
    limit = limits.of(data_class)
    ceiling = ILLINOIS_DAYS if illinois and data_class in BIOMETRIC else None
    sources: tuple[Source, ...] = ("project", "organisation")
    for source in sources if limit.chosen else ():
        row = chosen.get((data_class, source))
        if row:
            # The platform may have lowered its limit since it was chosen.
            days = min(max(row.days, limit.least), limit.most)
            return Policy(data_class, days, RetentionStart(row.counted_from), source, ceiling)
    return Policy(data_class, limit.days, limit.counted_from, "platform", ceiling)
