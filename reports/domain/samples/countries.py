"""The countries whose public holidays are known, by name."""

import re
import unicodedata

from django.utils.translation import gettext
from holidays.registry import COUNTRIES

_RIGHTED = {"CD": "Congo (Democratic Republic)", "HM": "Heard Island and McDonald Islands", "SY": "Syria"}
"""Where the library's name of a class does not fall apart into words."""


def _words(name: str) -> str:
    """`IsleOfMan` as `Isle of Man`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r" (And|Of|The)(?= )", lambda found: found[0].lower(), spaced)


NAMES: dict[str, str] = dict(
    sorted(
        ((entry[1], _RIGHTED.get(entry[1], _words(entry[0]))) for entry in COUNTRIES.values()),
        key=lambda country: country[1],
    )
)
"""English names by their codes of ISO 3166-1 alpha-2 (Kosovo's is the usual XK), in the names' order."""


def names() -> dict[str, str]:
    """As `NAMES`, in the reader's language and in its order."""
    told = {code: gettext(name) for code, name in NAMES.items()}
    return dict(sorted(told.items(), key=lambda country: _plain(country[1])))


def _plain(name: str) -> str:
    """For comparing: no accents, no capitals, so that "Ägypten" stands at A."""
    apart = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
