"""Which report a guest may read, for lists of members and invitations."""

from collections.abc import Iterable

from django import template

from accounts.models import Invitation, Membership
from analysis.models import Run

register = template.Library()


@register.simple_tag
def with_reports(rows: Iterable[Membership | Invitation]) -> list[Membership | Invitation]:
    """The rows, each guest's with `report_title`, empty where the run is gone; one query for all of them."""
    listed = list(rows)
    wanted = [row.guest_of for row in listed if row.guest_of]
    titles = dict(Run.objects.filter(pk__in=wanted).values_list("pk", "recording__title")) if wanted else {}
    for row in listed:
        title = titles.get(row.guest_of, "") if row.guest_of else ""
        row.report_title = title  # type: ignore[union-attr]
    return listed
