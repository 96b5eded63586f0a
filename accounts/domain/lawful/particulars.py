"""What is particular to a region: rules that name it, by when people are answered, how long data are kept.

All of it is read from the tables that decide it, with their sources. It gives no legal advice.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.domain.lawful.choices import REGIONS
from accounts.domain.lawful.table import RULES, SOURCES
from accounts.domain.lawful.told import ToldRule, told_rule
from accounts.domain.retention.policies import ILLINOIS, ILLINOIS_DAYS
from accounts.domain.rights.requests import DEADLINES

TOLD = ("eu", "uk", ILLINOIS)
"""Regions whose law was looked up, by their keys."""
DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Stated:
    """One thing that holds in a region, and from where one knows."""

    sentence: str | Promise
    source: str
    url: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Particulars:
    key: str
    label: str | Promise
    rules: list[ToldRule]
    """Those that name the region; others hold everywhere."""
    stated: list[Stated]
    """What else is set by it."""


def particulars() -> list[Particulars]:
    """Of every region that has some."""
    return [Particulars(key, REGIONS[key].label, _rules(key), _stated(key)) for key in TOLD]


def _rules(region: str) -> list[ToldRule]:
    return [told_rule(rule) for rule in RULES if region in rule.regions]


def _stated(region: str) -> list[Stated]:
    found = []
    deadline = DEADLINES.get(region)
    if deadline:
        sentence = _(
            "What a person asks for by right is answered within a month; %(more)d months may be added once, "
            "where the person is told why within the first."
        )
        found.append(
            Stated(sentence % {"more": deadline.more}, deadline.source, deadline.url, deadline.read_on)
        )
    if region == ILLINOIS:
        found += _illinois()
    return found


def _illinois() -> list[Stated]:
    source = SOURCES["bipa"]
    sentences = (
        _(
            "What shows a face or is measured from one is erased at the latest %(years)d years after the "
            "person's last interaction, however long a policy says."
        )
        % {"years": ILLINOIS_DAYS // DAYS_A_YEAR},
        _(
            "How long data are kept, and that they are destroyed then, can be read by everybody on a public "
            "page, once the organisation has opened it."
        ),
        _(
            "The text that a person signs names the purpose and how long the consent lasts; a signature at "
            "the link is an electronic one."
        ),
    )
    return [Stated(sentence, source.title, source.url, source.read_on) for sentence in sentences]
