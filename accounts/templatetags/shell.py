"""The organisation's navigation."""

from typing import Any, NamedTuple

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation

register = template.Library()


class Entry(NamedTuple):
    url: str
    label: Promise
    icon: str
    current: bool


_PAGES = (
    ("analysis:recordings", _("Recordings"), "recording"),
    ("projects", _("Projects"), "project"),
    ("members", _("Members"), "members"),
    ("organisation-settings", _("Settings"), "settings"),
)


def entries(organisation: Organisation, path: str) -> list[Entry]:
    """The pages every member can open; current is the one with the longest address `path` begins with."""
    found = []
    for name, label, icon in _PAGES:
        try:
            found.append((reverse(name, args=[organisation.slug]), label, icon))
        except NoReverseMatch:
            continue
    current = max((url for url, _, _ in found if path.startswith(url)), key=len, default="")
    return [Entry(url, label, icon, url == current) for url, label, icon in found]


@register.inclusion_tag("includes/navigation.html", takes_context=True)
def navigation(context: dict[str, Any], organisation: Organisation) -> dict[str, Any]:
    return {"entries": entries(organisation, context["request"].path)}
