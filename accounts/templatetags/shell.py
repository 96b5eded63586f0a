"""The organisation's navigation."""

from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import LOWEST_ROLE, Action, at_least

register = template.Library()


class Entry(NamedTuple):
    url: str
    label: Promise
    icon: str
    current: bool


_PAGES = (
    (Action.VIEW, "analysis:recordings", _("Recordings"), "recording"),
    (Action.VIEW, "projects", _("Projects"), "project"),
    (Action.MANAGE_MEMBERS, "members", _("Members"), "members"),
    (Action.MANAGE_ORGANISATION, "organisation-settings", _("Settings"), "settings"),
)


def entries(slug: str, role: str, path: str) -> list[Entry]:
    """The pages open to the role; current is the one with the longest address that `path` begins with."""
    found = [
        (reverse(name, args=[slug]), label, icon)
        for action, name, label, icon in _PAGES
        if at_least(role, LOWEST_ROLE[action])
    ]
    current = max((url for url, _label, _icon in found if path.startswith(url)), key=len, default="")
    return [Entry(url, label, icon, url == current) for url, label, icon in found]


@register.inclusion_tag("includes/navigation.html", takes_context=True)
def navigation(context: dict[str, Any]) -> dict[str, Any]:
    request = context["request"]
    return {"entries": entries(request.organisation.slug, request.membership.role, request.path)}
