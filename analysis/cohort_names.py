"""Cultural cohorts in words: by country, and by the language people grew up with there."""

from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from analysis.engine.findings.cohorts import Cohort, shipped

COUNTRIES = {
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "DE": _("Germany"),
    "IL": _("Israel"),
    "IN": _("India"),
    "US": _("United States"),
}
LANGUAGES = {
    "ar": _("Arabic"),
    "bn": _("Bengali"),
    "de": _("German"),
    "en": _("English"),
    "es": _("Spanish"),
    "fr": _("French"),
    "he": _("Hebrew"),
    "hi": _("Hindi"),
    "it": _("Italian"),
    "ta": _("Tamil"),
    "tr": _("Turkish"),
}


def cohort_name(country: str, language: str) -> str:
    """As in "Canada, French"; codes that have no words, of an earlier list, read as they are."""
    return gettext("%(country)s, %(language)s") % {
        "country": COUNTRIES.get(country, country),
        "language": LANGUAGES.get(language, language),
    }


def cohort_choices() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each country with its cohorts, for a form."""

    def country(cohort: Cohort) -> str:
        return cohort.country

    for code, cohorts in groupby(shipped().cohorts.values(), country):
        yield (
            str(COUNTRIES[code]),
            [(one.key, cohort_name(one.country, one.language)) for one in cohorts],
        )
