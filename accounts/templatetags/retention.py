"""Due dates and holds beside what they are of."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.domain.retention import holds, limits, notices, policies, retentions
from accounts.domain.retention.lineage import Shown
from accounts.enums import DataClass
from accounts.models import Project, Retention

register = template.Library()

KINDS: dict[str, Promise] = {
    "organisation": _("Everything of the organisation"),
    "project": _("Project"),
    "subject": _("Subject"),
    "recording": _("Recording"),
    "document": _("Document"),
}


@register.simple_tag
def kept_words(days: int, start: str) -> str:
    """Such as "365 days after the upload"."""
    return limits.words(days, start)


@register.simple_tag
def kind_words(kind: str) -> str | Promise:
    return KINDS.get(kind, kind)


@register.simple_tag(takes_context=True)
def shown_link(context: dict[str, Any], shown: Shown) -> SafeString:
    """The object's title, as a link to its page."""
    slug = context["request"].organisation.slug
    url = reverse(shown.url_name, kwargs={"organisation_slug": slug, **shown.arguments})
    return format_html('<a href="{}">{}</a>', url, shown.title)


class Line(NamedTuple):
    label: str
    row: Retention


@register.inclusion_tag("accounts/includes/due_dates.html", takes_context=True)
def due_dates(context: dict[str, Any], kind: str, object_id: UUID, holdable: str = "") -> dict[str, Any]:
    """Entries of a `facts` list: when each class of the object's data goes, and what holds it.

    `holdable` is the kind under which a hold may be placed from here; empty where none may.
    """
    rows = [Line(str(DataClass(row.data_class).label), row) for row in retentions.of(kind, object_id)]
    return {
        "request": context["request"],
        "rows": rows,
        "holds": holds.of(kind, object_id),
        "holdable": holdable,
        "object_id": object_id,
    }


@register.simple_tag
def with_due_dates(kind: str, things: Iterable[Any]) -> list[Any]:
    """The objects, each with `due_at` and `is_held`, for a list of them; two queries or few more."""
    found = list(things)
    rows = Retention.objects.filter(kind=kind, object_id__in=[thing.pk for thing in found])
    ends = {row.object_id: retentions.ends_at(row) for row in rows}
    held = holds.holding([(kind, thing.pk) for thing in found])
    for thing in found:
        thing.due_at, thing.is_held = ends.get(thing.pk), (kind, thing.pk) in held
    return found


@register.inclusion_tag("accounts/includes/erased_soon.html", takes_context=True)
def erased_soon(context: dict[str, Any]) -> dict[str, Any]:
    """What goes soon, for those who may keep it longer; nothing for others."""
    request = context["request"]
    soon = notices.summary(notices.soon()) if request.can.manage_retention else []
    return {"request": request, "soon": soon, "elsewhere": True}


@register.simple_tag
def kept_for(data_class: str, project: Project | None = None) -> str:
    """How long this class is kept in a project, in words."""
    policy = policies.of(data_class, project)
    return limits.words(policy.days, str(limits.start_words(policy.data_class, policy.counted_from)))


@register.simple_tag
def kept_for_each(data_class: str) -> list[tuple[str, list[str]]]:
    """The same of all projects: each time in words, with the names of the projects it holds in."""
    found: dict[str, list[str]] = {}
    names = dict(Project.objects.values_list("pk", "name"))
    for project_id, policy in policies.of_projects(data_class, list(names)).items():
        start = str(limits.start_words(policy.data_class, policy.counted_from))
        found.setdefault(limits.words(policy.days, start), []).append(names[project_id])
    return sorted(found.items())
