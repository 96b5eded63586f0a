"""The organisation's navigation: the bar's, and the one of its settings."""

from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Action, Permissions
from accounts.places import open_places

register = template.Library()


class Entry(NamedTuple):
    url: str
    label: Promise
    icon: str
    current: bool


class Tab(NamedTuple):
    url: str
    label: Promise
    current: bool


_PAGES = (
    (Action.VIEW, "analysis:recordings", _("Recordings"), "recording"),
    (Action.VIEW, "projects", _("Projects"), "project"),
    (Action.VIEW, "reports:reviews", _("Reviews"), "report"),
)

_SETTINGS = (
    (Action.MANAGE_ORGANISATION, "organisation-settings", _("Organisation")),
    (Action.MANAGE_MEMBERS, "members", _("Members")),
    (Action.VIEW, "roles", _("Roles")),
    (Action.MANAGE_SECURITY, "security", _("Security")),
    (Action.MANAGE_SECURITY, "sso", _("Single sign-on")),
    (Action.USE_TOKENS, "tokens", _("API tokens")),
    (Action.MANAGE_PROJECTS, "texts", _("Texts")),
    (Action.HANDLE_RIGHTS, "rights", _("Requests")),
    (Action.VIEW, "retention", _("Retention")),
    (Action.VIEW_AUDIT, "audit", _("Audit trail")),
    (Action.VIEW_AUDIT, "staff-access", _("Platform access")),
    (Action.OFFBOARD, "offboarding", _("Leaving")),
)
"""In the order in which they are shown; each page extends accounts/settings_page.html."""


def tabs(slug: str, can: Permissions, path: str) -> list[Tab]:
    """The settings open to the person; current is the one whose address `path` begins with."""
    found = [(reverse(name, args=[slug]), label) for action, name, label in _SETTINGS if can.may(action)]
    return [Tab(url, label, path.startswith(url)) for url, label in found]


def entries(slug: str, can: Permissions, path: str) -> list[Entry]:
    """The pages open to the person; current is the one with the longest address that `path` begins with.

    The settings are one entry, which leads to the first of them. Who works at the sales desk begins there.
    """
    found = [
        (reverse(name, args=[slug]), label, icon) for action, name, label, icon in _PAGES if can.may(action)
    ]
    if can.at_desk:
        found.insert(0, (reverse("desk"), _("Desk"), "mail"))
    settings = tabs(slug, can, path)
    within = any(tab.current for tab in settings)
    current = max((url for url, _label, _icon in found if path.startswith(url)), key=len, default="")
    listed = [Entry(url, label, icon, not within and url == current) for url, label, icon in found]
    if settings:
        listed.append(Entry(settings[0].url, _("Settings"), "settings", within))
    return listed


@register.inclusion_tag("includes/navigation.html", takes_context=True)
def navigation(context: dict[str, Any]) -> dict[str, Any]:
    request = context["request"]
    found = entries(request.organisation.slug, request.can, request.path)
    return {"label": _("Organisation"), "entries": found}


@register.inclusion_tag("includes/organisation_menu.html", takes_context=True)
def organisation_menu(context: dict[str, Any]) -> dict[str, Any]:
    """The organisation one is in, and the way to one's others; one query."""
    request = context["request"]
    return {"current": request.organisation, "places": open_places(request)}


@register.inclusion_tag("includes/settings_navigation.html", takes_context=True)
def settings_navigation(context: dict[str, Any]) -> dict[str, Any]:
    request = context["request"]
    return {"tabs": tabs(request.organisation.slug, request.can, request.path)}
