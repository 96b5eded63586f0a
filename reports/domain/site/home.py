"""What the home page tells beside the model's card and the specimen; its figures are other modules'."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.domain.invitations import absolute
from accounts.domain.lawful.choices import PURPOSES, Purpose
from analysis.cohort_names import COUNTRIES, LANGUAGES
from analysis.engine.action_units import ActionUnit
from analysis.engine.findings import cohorts
from reports.domain.samples.working_days import PROMISED
from reports.domain.site import atlas
from reports.domain.site.atlas import Entry

SHOWN = (1, 4, 9, 12, 18, 20, 27, 34)
"""Action Units that are told apart at a glance, from the brows down; the reference has all of them."""


@dataclass(frozen=True, slots=True)
class Face:
    """An Action Unit at its strongest, as the reference draws it."""

    unit: ActionUnit
    picture: str
    """As the template tag `static` wants it."""
    size: int
    """Width and height in pixels."""

    @classmethod
    def of(cls, entry: Entry, size: int) -> Self:
        return cls(entry.unit, entry.strongest, size)


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the list of cohorts, with the languages people grew up with there."""

    name: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Home:
    promised_days: int
    """Working days in which a sample analysis is there."""
    faces: tuple[Face, ...]
    countries: tuple[Country, ...]
    refused: tuple[Purpose, ...]
    """Purposes that are refused whatever else is declared."""
    structured: Mapping[str, Any]
    """schema.org facts: who offers what."""

    @classmethod
    def shipped(cls) -> Self:
        """Raises UserError where the atlas is not there."""
        book = atlas.shipped()
        return cls(
            promised_days=PROMISED,
            faces=tuple(Face.of(book.entries[number], book.size) for number in SHOWN),
            countries=_countries(),
            refused=tuple(purpose for purpose in PURPOSES.values() if not purpose.roles),
            structured=_structured(),
        )


def _countries() -> tuple[Country, ...]:
    listed = sorted((one.country, one.language) for one in cohorts.shipped().cohorts.values())
    return tuple(
        Country(str(COUNTRIES[country]), tuple(str(LANGUAGES[language]) for _country, language in pairs))
        for country, pairs in groupby(listed, key=lambda pair: pair[0])
    )


def _structured() -> dict[str, Any]:
    return {"@graph": [_organisation(), _software()]}


def _organisation() -> dict[str, Any]:
    address = absolute(reverse("home"))
    logo = absolute(staticfiles_storage.url("brand.svg"))
    return {
        "@type": "Organization",
        "@id": f"{address}#organization",
        "name": "EchoDepth",
        "url": address,
        "logo": logo,
    }


def _software() -> dict[str, Any]:
    address = absolute(reverse("home"))
    return {
        "@type": "SoftwareApplication",
        "name": "EchoDepth",
        "url": address,
        "applicationCategory": "BusinessApplication",
        "operatingSystem": "Debian 12, Ubuntu 24.04",
        "description": _("Measures how a recorded face moves, by the Facial Action Coding System."),
        "publisher": {"@id": f"{address}#organization"},
    }
