"""What a data protection officer reads of the product, from the tables that decide it."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise

from accounts.domain.consent.consents import LONGEST_DAYS
from accounts.domain.lawful.choices import PURPOSES
from accounts.domain.lawful.table import RULES, SOURCES, VERSION, Effect, Source
from accounts.domain.lawful.told import ToldRule, told_rule
from accounts.domain.retention import limits
from accounts.domain.retention.policies import ILLINOIS_DAYS
from accounts.domain.rights.requests import DEADLINES, OURS
from accounts.domain.staff import MINUTES
from accounts.enums import DataClass

DAYS_A_YEAR = 365
STATUS = date(2026, 11, 23)
"""On which the law was looked up last."""
_OMNIBUS = Source(
    "Regulation (EU) 2026/1744 as summed up by regulation-ai.eu: Annex III moved to 2 December 2027",
    "https://www.regulation-ai.eu/en/omnibus/ai-act-omnibus-deadlines/",
    STATUS,
)


class Refused(NamedTuple):
    """A purpose for which nothing is analysed."""

    label: str | Promise
    help: str | Promise
    rule: ToldRule


class KeptClass(NamedTuple):
    """How long one class of data is kept where nobody chose, and what may be chosen; in days."""

    label: str | Promise
    what: str | Promise
    days: int
    start: str | Promise
    least: int
    most: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Law:
    """One duty that the product answers to, in few words of our own."""

    place: str
    duty: str
    since: str
    product: str
    sources: tuple[Source, ...]


LAW = (
    Law(
        "EU AI Act, Art. 5(1)(f)",
        "Inferring emotions at work and in education is prohibited, but for medical or safety reasons.",
        "2 February 2025",
        "Monitoring or assessing at work and in education is refused. In sales conversations, interviews and "
        "research your own people are found only to be left out. Personal training, and a speaker's own "
        "pitch at work, wait until a responsible person confirms that results never reach HR or a superior.",
        (SOURCES["ai-act-5"], SOURCES["ai-act-5-guidelines"]),
    ),
    Law(
        "EU AI Act, Art. 50(3)",
        "Whoever uses emotion recognition informs the people who are exposed to it.",
        "2 August 2026",
        "No real person is analysed before a notice of the analysis is on record.",
        (SOURCES["ai-act-50"],),
    ),
    Law(
        "EU AI Act, Annex III",
        "High-risk systems, emotion recognition among them: risk management, documents, logs, oversight.",
        "2 December 2027, moved from 2 August 2026",
        "Model card, audit trail, limits of use and a named reviewer are there. A conformity assessment "
        "is not.",
        (_OMNIBUS,),
    ),
    Law(
        "GDPR, Art. 12(3)",
        "What a person asks for by right is answered within one month; two more where they are told why.",
        "in application",
        "Every request has a due date by the project's region, and its answer is kept.",
        (Source(DEADLINES["eu"].source, DEADLINES["eu"].url, DEADLINES["eu"].read_on),),
    ),
    Law(
        "United Kingdom: guidance of the ICO",
        "For biometric data explicit consent is likely to fit best; emotion analysis is warned of.",
        "in application",
        "In the UK a person is analysed with their consent only.",
        (SOURCES["ico-biometric"], SOURCES["ico-emotion"]),
    ),
    Law(
        "United Kingdom: Data (Use and Access) Act 2025, s. 80",
        "Significant decisions that nobody meaningfully takes part in are bound to conditions.",
        "5 February 2026",
        "Deciding about people is refused. A report is a draft until a reviewer signs it by name.",
        (SOURCES["uk-duaa"],),
    ),
    Law(
        "Illinois: BIPA, 740 ILCS 14/15",
        "A public retention policy; a written notice and a release before a scan of face geometry; "
        "destruction once the purpose is met, or within three years of the last interaction, whichever is "
        "first.",
        "in application",
        "Consent first, a page for the policy, and a limit that no policy, and no extension, goes beyond, "
        "unless a legal hold stands; backups may hold it for their own days more. When the purpose is met "
        "you must know: choose days accordingly.",
        (SOURCES["bipa"],),
    ),
)


@dataclass(frozen=True, slots=True)
class Protection:
    rules_version: str
    refused: tuple[Refused, ...]
    kept: tuple[KeptClass, ...]
    law: tuple[Law, ...]
    status: date
    consent_years: int
    """Longest term of a consent."""
    illinois_years: int
    backup_days: int
    notice_days: int
    assigning_days: int
    staff_hours: int
    """Longest session of platform staff."""
    answer_months: int

    @classmethod
    def here(cls) -> "Protection":
        """As this installation is set."""
        return cls(
            rules_version=VERSION,
            refused=refused(),
            kept=tuple(_kept(data_class) for data_class in limits.LIMITS),
            law=LAW,
            status=STATUS,
            consent_years=LONGEST_DAYS // DAYS_A_YEAR,
            illinois_years=ILLINOIS_DAYS // DAYS_A_YEAR,
            backup_days=settings.BACKUP_DAYS,
            notice_days=settings.RETENTION_NOTICE_DAYS,
            assigning_days=settings.ASSIGNING_DAYS,
            staff_hours=max(MINUTES) // 60,
            answer_months=OURS.months,
        )


def refused() -> tuple[Refused, ...]:
    """Every purpose that the table of rules refuses by itself, with the rule that does."""
    refusing = [rule for rule in RULES if Effect.REFUSE in rule.effects]
    found = {purpose: rule for rule in refusing for purpose in rule.purposes}
    return tuple(
        Refused(purpose.label, purpose.help, told_rule(found[key]))
        for key, purpose in PURPOSES.items()
        if not purpose.roles
    )


def _kept(data_class: DataClass) -> KeptClass:
    limit = limits.of(data_class)
    start = limits.start_words(data_class, limit.counted_from)
    return KeptClass(data_class.label, limit.what, limit.days, start, limit.least, limit.most, limit.chosen)
