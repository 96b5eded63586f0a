"""Template tags of the public site's frame: its navigation, its languages, and what machines read of it."""

import json
from typing import Any, NamedTuple

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.domain.invitations import absolute
from reports.domain.samples import links
from reports.domain.site.languages import Alternate, alternates_of
from reports.domain.site.specimen import CARD, CARD_SIZE, FOLDER

register = template.Library()

_FOR_SCRIPT = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
"""As Django's own json_script has it: nothing in the data ends the element."""
_PAGES = (
    ("science", _("Science")),
    ("action-units", _("Action Units")),
    ("how-it-works", _("How it works")),
    ("cohorts", _("Calibration")),
    ("data-protection", _("Data protection")),
    ("questions", _("Five questions")),
)


class Entry(NamedTuple):
    url: str
    label: Promise
    icon: str
    current: bool


@register.inclusion_tag("includes/navigation.html", takes_context=True)
def site_navigation(context: dict[str, Any]) -> dict[str, Any]:
    path = context["request"].path
    found = [(reverse(name), label) for name, label in _PAGES]
    return {
        "label": _("EchoDepth"),
        "entries": [Entry(url, label, "", path.startswith(url)) for url, label in found],
    }


class Card(NamedTuple):
    """The picture of a link to the site."""

    url: str
    """With host and scheme."""
    width: int
    height: int


@register.simple_tag
def social_card() -> Card:
    return Card(absolute(static(f"{FOLDER.name}/{CARD}")), *CARD_SIZE)


@register.simple_block_tag
def kept(content: str) -> SafeString:
    """What stands inside, for `{% kept as name %}`: a block's words, to be written in several places."""
    return mark_safe(content.strip())  # noqa: S308 - it is rendered, and escaped where it has to be


@register.simple_tag(takes_context=True)
def canonical(context: dict[str, Any]) -> str:
    """The page's one address, without a query."""
    return absolute(context["request"].path)


@register.simple_tag
def takes_samples() -> bool:
    """Whether a free sample may be offered: asked once a page, by the base of all."""
    return links.takes_samples()


@register.simple_tag(takes_context=True)
def alternates(context: dict[str, Any]) -> list[Alternate]:
    """The page in its languages; empty where it has one alone."""
    return alternates_of(context["request"].path)


@register.simple_tag
def structured_data(facts: dict[str, Any]) -> SafeString:
    """schema.org facts as JSON-LD; a block of data, which the Content-Security-Policy lets be."""
    text = json.dumps({"@context": "https://schema.org", **facts}, ensure_ascii=False, default=str)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text.translate(_FOR_SCRIPT)),  # noqa: S308 - what could end the element is escaped
    )
