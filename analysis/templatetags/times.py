"""How long something took or takes, roughly, for people who watch an installation."""

from datetime import datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86_400
COARSE = 2
"""From this many of a unit on, it is told in that unit."""


@register.filter
def duration(length: timedelta) -> str:
    """`40 s`, `3 min`, `5 h`, `2 days`; what lies before the start is 0 s."""
    seconds = max(int(length.total_seconds()), 0)
    if seconds < COARSE * MINUTE:
        return _("%(number)d s") % {"number": seconds}
    if seconds < COARSE * HOUR:
        return _("%(number)d min") % {"number": seconds // MINUTE}
    if seconds < COARSE * DAY:
        return _("%(number)d h") % {"number": seconds // HOUR}
    days = seconds // DAY
    return ngettext("%(number)d day", "%(number)d days", days) % {"number": days}


@register.simple_tag
def ago(moment: datetime | None, now: datetime) -> SafeString | str:
    """`3 min ago`, with the exact time for machines; a dash where there is none."""
    if moment is None:
        return "\N{EN DASH}"
    told = _("%(length)s ago") % {"length": duration(now - moment)}
    return format_html(
        '<time class="nowrap" datetime="{}">{}</time>', moment.isoformat(timespec="seconds"), told
    )
