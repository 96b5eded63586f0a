"""Filters that turn the report's numbers and keys into what is read."""

import re
from collections.abc import Iterable, Sequence

from django import template
from django.utils.formats import get_format, number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis import cohort_names
from analysis.engine.action_units import ActionUnit
from analysis.engine.finding_types import Blinks, SignalPoint
from analysis.engine.findings.blinks import CONVERSATION
from analysis.engine.findings.cohorts import Cohort
from analysis.engine.result_types import AUEvidence
from analysis.engine.types import Interval
from analysis.messages import Explanation, explain_warning
from reports import labels
from reports.charts.canvas import clock as whole_clock
from reports.domain.cohort_page import CohortLine
from reports.domain.displays import against
from reports.domain.report_data import QualityFact
from reports.domain.signals import ComponentReport

register = template.Library()
_AUTHORS_AND_YEAR = re.compile(r".*?\b(?:19|20)\d\d\b")
EVEN = 5
"""Percent of asymmetry under which a smile reads as even; the product's own choice."""


@register.filter
def words(key: str, table: str) -> str:
    """`{{ signal.key|words:"signal" }}`: the words for an engine's key."""
    return labels.words(table, key)


@register.filter
def warning(code: str) -> str:
    """What a result's warning means, without the advice on what to upload."""
    return explain_warning(code).sentence


@register.filter
def explained(code: str) -> Explanation:
    """A warning's `sentence` and `advice`."""
    return explain_warning(code)


@register.filter
def clock(seconds: float) -> str:
    """The form m:ss."""
    return whole_clock(seconds)


@register.filter
def precise_clock(seconds: float) -> str:
    """The form m:ss.s, with the decimal sign of the reader's language."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 10:02d}{get_format('DECIMAL_SEPARATOR')}{rest % 10}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


@register.filter
def decimal(value: float | None, places: int = 1) -> str:
    """A number with fixed decimals in the reader's notation; a dash for None."""
    if value is None:
        return "\N{EN DASH}"
    rounded = round(value, places) + 0.0  # no "-0.0"
    return number_format(rounded, places)


@register.filter
def signed(value: float) -> str:
    """Points with their sign, one decimal."""
    text = decimal(abs(value))
    if not round(value, 1):
        return text
    return f"+{text}" if value > 0 else f"\N{MINUS SIGN}{text}"


@register.filter
def percent(share: float | None) -> str:
    """A share 0-1 in whole percent; what is there but rounds to nothing reads "under 1 %"."""
    if share is None:
        return "\N{EN DASH}"
    if 0 < share < 0.005:
        return _("under 1 %")
    return _("%(number)d %%") % {"number": round(share * 100)}


@register.filter
def share(value: float) -> str:
    """A share 0-1 in percent with one decimal."""
    return _("%(number)s\u00a0%%") % {"number": decimal(value * 100)}


@register.filter
def span(interval: Interval | SignalPoint, places: int = 0) -> str:
    """The bounds of a 95 % interval, such as `53 to 68`."""
    low, high = decimal(interval.low, places), decimal(interval.high, places)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


@register.filter
def moments(part: ComponentReport) -> str:
    """When a component moved its signal most, and by how much at most: `0:04-0:08 +12.1, ...`."""
    told = (f"{_stretch(one.start, one.end)} {signed(one.moved)}" for one in part.moments)
    return ", ".join(told)


def _stretch(start: float, end: float) -> str:
    first, last = whole_clock(start), whole_clock(end)
    return first if first == last else f"{first}\N{EN DASH}{last}"


@register.filter
def lettered(value: float | None, letter: str) -> str:
    """An intensity with its FACS letter where it has one: `2.6 C`."""
    return f"{decimal(value)} {letter}".strip()


@register.filter
def cohort_name(cohort: Cohort | CohortLine) -> str:
    """Country and language community: `Canada, French`."""
    return cohort_names.cohort_name(cohort.country, cohort.language)


@register.filter
def cohort_group_name(lines: Sequence[CohortLine]) -> str:
    """Cohorts of one country: `Canada: English, French`; a single one as `cohort_name` has it."""
    first = lines[0]
    if len(lines) == 1:
        return cohort_name(first)
    languages = ", ".join(str(cohort_names.LANGUAGES.get(line.language, line.language)) for line in lines)
    return _("%(country)s: %(languages)s") % {
        "country": cohort_names.COUNTRIES.get(first.country, first.country),
        "languages": languages,
    }


@register.filter
def country_names(codes: Iterable[str]) -> str:
    return ", ".join(str(cohort_names.COUNTRIES.get(code, code)) for code in codes)


@register.filter
def short_citation(citation: str) -> str:
    """Authors and year of a citation."""
    found = _AUTHORS_AND_YEAR.match(citation)
    return found.group() if found else citation


@register.filter
def unit_name(unit: ActionUnit) -> str:
    """An Action Unit's name in the reader's language."""
    return labels.unit_name(unit)


@register.filter
def breakable(code: str) -> SafeString:
    """A FACS code that may be broken into lines before any of its Action Units."""
    return mark_safe(escape(code).replace("+", "<wbr>+"))  # noqa: S308 - escaped first


@register.filter
def unit_names(units: Iterable[ActionUnit]) -> str:
    """`8 Lips toward each other, 19 Tongue show`."""
    return ", ".join(f"{unit.number} {labels.unit_name(unit)}" for unit in units)


@register.filter
def without(numbers: Iterable[int]) -> str:
    """`without AU 14, 20`; empty for none."""
    named = ", ".join(map(str, numbers))
    return _("without AU %(numbers)s") % {"numbers": named} if named else ""


@register.filter
def synthetic(evidence: AUEvidence) -> str:
    """The grade, never without where it comes from: `A (synthetic)`."""
    return _("%(grade)s (synthetic)") % {"grade": evidence.grade}


@register.filter
def real(evidence: AUEvidence) -> str:
    """What recordings of people say of it, such as `r 0.72 on 2 clips`; `none` where they say nothing."""
    count = len(evidence.real)
    if not count:
        return _("none")
    mean = decimal(sum(evidence.real.values()) / count, 2).replace("-", "\N{MINUS SIGN}")
    return ngettext("r %(mean)s on %(count)d clip", "r %(mean)s on %(count)d clips", count) % {
        "mean": mean,
        "count": count,
    }


@register.filter
def turn(quality: QualityFact) -> str:
    """The head's median direction: `6° to the person's right, 3° up`."""
    yaw, pitch = round(quality.yaw or 0.0), round(quality.pitch or 0.0)
    left_or_right = _("%d° to the person's left") if yaw >= 0 else _("%d° to the person's right")
    up_or_down = _("%d° up") if pitch >= 0 else _("%d° down")
    return f"{left_or_right % abs(yaw)}, {up_or_down % abs(pitch)}"


@register.filter
def sides(asymmetry: float | None) -> str:
    """A smile's left less right over their sum: `even`, `18 % left`; a dash for None."""
    if asymmetry is None:
        return "\N{EN DASH}"
    share = round(abs(asymmetry) * 100)
    if share < EVEN:
        return _("even")
    side = labels.words("side", "left" if asymmetry > 0 else "right")
    return _("%(share)d %% %(side)s") % {"share": share, "side": side}


@register.filter
def blink_norm(blinks: Blinks) -> str:
    """How the rate of blinks stands to that of people in conversation."""
    norm = {"low": decimal(CONVERSATION[0]), "high": decimal(CONVERSATION[1])}
    said = (
        _("A review gives %(low)s to %(high)s a minute as the 95 %% range in conversation (Doughty 2001).")
        % norm
    )
    if blinks.per_minute is None:
        return said
    return f"{said} {labels.words('blinks', against(blinks.per_minute))}"


@register.filter
def in_groups(digest: str, size: int = 8) -> str:
    """A hash in groups, so that it can be read and compared."""
    return " ".join(digest[at : at + size] for at in range(0, len(digest), size))


@register.filter
def file_size(size: int) -> str:
    return _("%(size)s MB") % {"size": decimal(size / 1_000_000)}
