"""What the public site draws and writes of the specimen: `{% intensity_mark reading %}` and its like."""

from collections.abc import Iterable

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analysis.engine.action_units import PRESENT_FROM
from reports import labels
from reports.charts import intensity, pathway
from reports.domain.site.specimen import Moment, Posed

register = template.Library()

_PREFIXES = {"left": "L", "right": "R", "both": ""}
"""As FACS writes a side."""


@register.simple_tag
def intensity_mark(reading: Posed) -> SafeString:
    return intensity.mark(reading.measured, reading.low, reading.high, reading.posed)


@register.simple_tag
def intensity_axis() -> SafeString:
    return intensity.axis()


@register.simple_tag
def legend_mark(kind: str) -> SafeString:
    """Of `measured`, `interval` or `posed`."""
    return intensity.sign(kind)


@register.simple_tag
def way_drawing() -> SafeString:
    return pathway.pathway()


@register.filter
def reading_name(reading: Posed) -> str:
    """The Action Unit's name, with the side where the figures are of one: `Outer brow raiser, left`."""
    name = labels.unit_name(reading.action_unit)
    if reading.side == "both":
        return name
    return _("%(name)s, %(side)s") % {"name": name, "side": labels.words("side", reading.side)}


@register.filter
def reading_code(reading: Posed) -> str:
    """In FACS notation: `12D`, `L2C`."""
    return f"{_PREFIXES[reading.side]}{reading.au}{reading.letter}"


@register.filter
def notation(moment: Moment) -> str:
    """All that is present in one frame, in FACS notation: `6C+12D`."""
    return "+".join(map(reading_code, _present(moment.units)))


@register.filter
def strongest(moment: Moment) -> Posed:
    """The reading of the highest intensity."""
    return max(moment.units, key=lambda reading: reading.measured)


@register.filter
def grouped(count: int) -> str:
    """A large number with its thousands apart, as the reader's language has it."""
    return number_format(count, 0, force_grouping=True)


def _present(units: Iterable[Posed]) -> list[Posed]:
    return [reading for reading in units if reading.measured >= PRESENT_FROM]
