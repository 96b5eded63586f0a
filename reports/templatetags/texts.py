"""Tags of the public site's long texts: marks that lead to a reference, and where to check a statement."""

import re
from typing import Any

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_JOINED = "\N{WORD JOINER}"
"""Keeps a mark on the line of the word before it."""


@register.simple_tag(takes_context=True)
def cite(context: dict[str, Any], *keys: str) -> SafeString:
    """`{% cite "barrett2019" "cowen2021" %}`: numbers of the page's `citations`, linked to their entries."""
    marks = [context["citations"].mark(key) for key in keys]
    links = format_html_join(
        ", ",
        '<a id="{}" href="#{}" aria-label="Reference {}">{}</a>',
        ((mark.place, mark.target, mark.number, mark.number) for mark in marks),
    )
    return format_html('{}<sup class="cite">[{}]</sup>', _JOINED, links)


@register.filter
def file_name(name: str) -> SafeString:
    """A path that may be broken into lines after a slash or an underscore, and not inside a word."""
    return mark_safe(re.sub("([/_])", r"\1<wbr>", escape(name)))  # noqa: S308 - escaped first


@register.simple_tag
def check(*names: str) -> SafeString:
    """`{% check "docs/retention.md" %}`: files, tests or commands by which a statement can be checked."""
    listed = format_html_join(", ", "<code>{}</code>", ((file_name(name),) for name in names))
    return format_html('<span class="check"><span class="check__word">Check:</span> {}</span>', listed)
