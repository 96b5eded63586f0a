"""The table of rules about uses: what follows from what is declared. Data; `rules.py` reads it.

It gives no legal advice: a rule either stands on a source, which was read on the day it names, or is a plain
statement of what this product does not do. A change of meaning takes a new `VERSION`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.domain.lawful.choices import GROUPS, SETTINGS
from accounts.enums import SubjectRole

VERSION = "2"

REAL = "real"
"""Stands for every purpose in which real people are recorded."""


class Effect(StrEnum):
    """What follows from a rule that applies."""

    REFUSE = "refuse"
    CONFIRM = "confirm"
    CONSENT = "consent"
    NOTICE = "notice"
    ROLES = "roles"
    CULTURE = "culture"


EFFECTS: dict[Effect, Promise] = {
    Effect.REFUSE: _("Refused"),
    Effect.CONFIRM: _("A responsible person confirms it by name"),
    Effect.CONSENT: _("Each person's consent"),
    Effect.NOTICE: _("A notice to each person"),
    Effect.ROLES: _("A role for each person in the picture"),
    Effect.CULTURE: _("A declared culture only with the person's consent"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from."""

    title: str
    url: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Rule:
    """It applies where each of its four conditions does; an empty one always does."""

    id: str
    effects: frozenset[Effect]
    reason: Promise
    purposes: frozenset[str] = frozenset({REAL})
    settings: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    """One of them is enough."""
    withheld: frozenset[SubjectRole] = frozenset()
    """Roles of people of whom nothing is analysed."""
    sources: tuple[str, ...] = ()
    """Keys of `SOURCES`; none for what the product itself does not do."""


_READ = date(2026, 11, 23)
SOURCES: dict[str, Source] = {
    "ai-act-5": Source(
        "EU AI Act, Regulation (EU) 2024/1689, Art. 5(1)(f), in application since 2 February 2025",
        "https://www.itlawfirm.it/en/legal-case-studies/ai/"
        "ai-act-prohibited-practices-prohibition-of-a-natural-persons-emotion-recognition-systems",
        _READ,
    ),
    "ai-act-5-guidelines": Source(
        "European Commission, guidelines on prohibited AI practices: examples for Art. 5(1)(f)",
        "https://lochleventech.com/2025/03/03/eu-guidance-on-prohibited-artificial-intelligence-ai",
        _READ,
    ),
    "ai-act-50": Source(
        "EU AI Act, Art. 50(3), in application since 2 August 2026",
        "https://raw.githubusercontent.com/ThomasMoreAI/legal-skills-open/main/eu/regulatory/skills/"
        "ai-act-compliance-abk1969/references/08-transparency-art50.md",
        _READ,
    ),
    "ai-act-annex-3-6": Source(
        "EU AI Act, Annex III, point 6(b): law enforcement",
        "https://www.aiactblog.nl/en/posts/high-risk-ai-law-enforcement",
        _READ,
    ),
    "ai-act-annex-3-7": Source(
        "EU AI Act, Annex III, point 7(a): migration, asylum and border control",
        "https://aiact.annotated.nl/en/aiact/annex/iii/7/",
        _READ,
    ),
    "ico-biometric": Source(
        "Information Commissioner's Office, biometric data guidance: processing it lawfully",
        "https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/lawful-basis/"
        "biometric-data-guidance-biometric-recognition/how-do-we-process-biometric-data-lawfully/",
        _READ,
    ),
    "ico-emotion": Source(
        "Information Commissioner's Office on emotion analysis, October 2022",
        "https://www.lexology.com/library/detail.aspx?g=5ab07daa-f83b-45d2-b97d-13137e44278f",
        _READ,
    ),
    "uk-duaa": Source(
        "Data (Use and Access) Act 2025, section 80, in force since 5 February 2026",
        "https://www.legislation.gov.uk/id/ukpga/2025/18/section/80/4/b",
        _READ,
    ),
    "bipa": Source(
        "Illinois Biometric Information Privacy Act, 740 ILCS 14/15",
        "https://ilga.gov/legislation/ilcs/fulltext?DocName=074000140K15",
        _READ,
    ),
    "ma-19b": Source(
        "Massachusetts General Laws, chapter 149, section 19B",
        "https://malegislature.gov/Laws/GeneralLaws/PartI/TitleXXI/Chapter149/Section19B",
        _READ,
    ),
    "eppa": Source(
        "Employee Polygraph Protection Act, 29 U.S.C. 2001 and 2002",
        "https://lawserver.com/law/country/us/code/29_usc_2002",
        _READ,
    ),
}

_REFUSE = frozenset({Effect.REFUSE})
_CONFIRM = frozenset({Effect.CONFIRM})
_EU = frozenset({"eu"})
_NOT_READ = frozenset({"us_other", "other"})

RULES: tuple[Rule, ...] = (
    Rule(
        "recruitment",
        _REFUSE,
        _(
            "Applicants are not analysed. In the European Union inferring emotions in recruitment is "
            "prohibited; in the USA, federal law and that of Massachusetts keep employers from tools that "
            "judge whether somebody can be believed. This product refuses it everywhere."
        ),
        purposes=frozenset({"recruitment"}),
        sources=("ai-act-5-guidelines", "eppa", "ma-19b"),
    ),
    Rule(
        "applicants",
        _REFUSE,
        _("Applicants for a job are not analysed, whatever the purpose is called."),
        people=frozenset({"applicants"}),
        sources=("ai-act-5-guidelines", "ma-19b"),
    ),
    Rule(
        "worker_monitoring",
        _REFUSE,
        _(
            "Workers are not monitored or assessed. In the European Union inferring emotions at the "
            "workplace is prohibited but for medical or safety reasons. This product refuses it everywhere."
        ),
        purposes=frozenset({"worker_monitoring"}),
        sources=("ai-act-5", "ai-act-5-guidelines"),
    ),
    Rule(
        "education_assessment",
        _REFUSE,
        _(
            "Pupils and students are not assessed. In the European Union inferring emotions in education is "
            "prohibited but for medical or safety reasons. This product refuses it everywhere."
        ),
        purposes=frozenset({"education_assessment"}),
        sources=("ai-act-5",),
    ),
    Rule(
        "law_enforcement",
        _REFUSE,
        _(
            "No use by or for police, courts, migration or asylum authorities. The European Union lists "
            "tools that test what people say there as high-risk; this product is not made for it."
        ),
        purposes=frozenset({"law_enforcement"}),
        sources=("ai-act-annex-3-6", "ai-act-annex-3-7"),
    ),
    Rule(
        "lie_detection",
        _REFUSE,
        _(
            "EchoDepth describes facial displays; it does not say whether someone lied, told the truth or "
            "felt something, and must not be used as if it did."
        ),
        purposes=frozenset({"lie_detection"}),
        sources=("ma-19b", "eppa"),
    ),
    Rule(
        "covert",
        _REFUSE,
        _("Nobody is analysed who does not know of it."),
        purposes=frozenset({"covert"}),
        sources=("ai-act-50",),
    ),
    Rule(
        "decisions",
        _REFUSE,
        _(
            "No decision about a person may rest on a display of this product: not on credit, insurance, "
            "a home, a benefit or treatment. In the United Kingdom the law sets conditions for significant "
            "decisions that nobody meaningfully takes part in."
        ),
        purposes=frozenset({"decisions"}),
        sources=("uk-duaa",),
    ),
    Rule(
        "children",
        _REFUSE,
        _("Children are not analysed: what is measured here was never tried on children's faces."),
        people=frozenset({"children"}),
    ),
    Rule(
        "rendered_groups",
        _REFUSE,
        _(
            "Employees, applicants, pupils and children are real people. Declare the purpose for which they "
            "are recorded."
        ),
        purposes=frozenset({"rendered_people"}),
        people=frozenset(GROUPS),
    ),
    Rule(
        "eu_education",
        _REFUSE,
        _(
            "In the European Union inferring emotions in education is prohibited but for medical or safety "
            "reasons."
        ),
        settings=frozenset({"education"}),
        regions=_EU,
        sources=("ai-act-5",),
    ),
    Rule(
        "eu_students",
        _REFUSE,
        _(
            "In the European Union inferring the emotions of pupils and students in education is prohibited "
            "but for medical or safety reasons."
        ),
        regions=_EU,
        people=frozenset({"students"}),
        sources=("ai-act-5",),
    ),
    Rule(
        "eu_work_teams",
        _REFUSE,
        _(
            "In the European Union reading the emotional tone of a work team is prohibited. Among "
            "colleagues only personal training remains, whose results never reach HR."
        ),
        purposes=frozenset({"sales_meeting", "customer_interview", "research"}),
        settings=frozenset({"workplace"}),
        regions=_EU,
        sources=("ai-act-5-guidelines",),
    ),
    Rule(
        "students",
        _CONFIRM,
        _("A responsible person confirms that no mark, place or grade hangs on taking part."),
        settings=frozenset({"education"}),
    ),
    Rule(
        "students_elsewhere",
        _CONFIRM,
        _("A responsible person confirms that no mark, place or grade hangs on taking part."),
        regions=frozenset({"uk", "us_illinois", "us_other", "other"}),
        people=frozenset({"students"}),
    ),
    Rule(
        "training_own",
        _CONFIRM,
        _(
            "A responsible person confirms that results reach the person who trains and nobody who decides "
            "about their work. In the European Union only such personal training is left open."
        ),
        purposes=frozenset({"training_own"}),
        sources=("ai-act-5-guidelines",),
    ),
    Rule(
        "eu_own_pitch_at_work",
        _CONFIRM,
        _(
            "In the European Union a speaker at work is a worker. A responsible person confirms that the "
            "speaker asked for it, and that results never reach HR or a superior."
        ),
        purposes=frozenset({"own_pitch"}),
        settings=frozenset({"workplace"}),
        regions=_EU,
        sources=("ai-act-5-guidelines",),
    ),
    Rule(
        "eu_counterparts_staff",
        _CONFIRM,
        _(
            "A customer's employees are at work too. Whether the prohibition reaches them is not settled, so "
            "a responsible person confirms that your lawyers looked at it."
        ),
        regions=_EU,
        people=frozenset({"counterparts_staff"}),
        sources=("ai-act-5", "ai-act-5-guidelines"),
    ),
    Rule(
        "eu_own_staff",
        frozenset({Effect.ROLES}),
        _(
            "In the European Union your own people's emotions are not inferred at work: they are found in "
            "the picture only to be left out."
        ),
        purposes=frozenset({"sales_meeting", "customer_interview", "own_pitch", "research"}),
        regions=_EU,
        withheld=frozenset({SubjectRole.OWN_STAFF, SubjectRole.INTERVIEWER}),
        sources=("ai-act-5", "ai-act-5-guidelines"),
    ),
    Rule(
        "public_place",
        _CONFIRM,
        _("A responsible person confirms that everybody in the picture was told, passers-by too."),
        settings=frozenset({"public_place"}),
        sources=("ai-act-50",),
    ),
    Rule(
        "rendered_elsewhere",
        _CONFIRM,
        _("Outside of a demonstration, a responsible person confirms that no real person is recorded."),
        purposes=frozenset({"rendered_people"}),
        settings=frozenset(SETTINGS) - {"demonstration"},
    ),
    Rule(
        "illinois_everybody",
        _CONFIRM,
        _(
            "In Illinois a scan of face geometry needs each person's written release before it; this product "
            "treats the mesh it lays over a face as one. It does so also to find those who are left out, so "
            "a responsible person confirms that everybody in the picture signed."
        ),
        regions=frozenset({"us_illinois"}),
        sources=("bipa",),
    ),
    Rule(
        "region_not_read",
        _CONFIRM,
        _(
            "The law there was not looked up for this table. A responsible person confirms that your "
            "lawyers did, and the stricter requirements apply."
        ),
        regions=_NOT_READ,
    ),
    Rule(
        "notice",
        frozenset({Effect.NOTICE}),
        _(
            "Each person is told that their expressions are analysed, before it or at the latest at it. In "
            "the European Union it is a duty; this product asks for it everywhere."
        ),
        sources=("ai-act-50",),
    ),
    Rule(
        "eu_consent",
        frozenset({Effect.CONSENT}),
        _("In the European Union this product analyses a person only with their consent."),
        regions=_EU,
    ),
    Rule(
        "uk_consent",
        frozenset({Effect.CONSENT}),
        _(
            "The British regulator warns of emotion analysis and, for biometric data, names explicit consent "
            "as the condition that is likely to fit best."
        ),
        regions=frozenset({"uk"}),
        sources=("ico-biometric", "ico-emotion"),
    ),
    Rule(
        "illinois_consent",
        frozenset({Effect.CONSENT}),
        _(
            "In Illinois the person is told in writing of the purpose and of how long it is kept, and signs "
            "a release, before a scan of face geometry is collected."
        ),
        regions=frozenset({"us_illinois"}),
        sources=("bipa",),
    ),
    Rule(
        "other_consent",
        frozenset({Effect.CONSENT}),
        _("Where the law was not looked up for this table, a person is analysed only with their consent."),
        regions=_NOT_READ,
    ),
    Rule(
        "consent_of_participants",
        frozenset({Effect.CONSENT}),
        _("Who takes part in research, or trains, agreed to it: this product asks for it everywhere."),
        purposes=frozenset({"research", "training_own"}),
    ),
    Rule(
        "roles",
        frozenset({Effect.ROLES}),
        _(
            "Only people whom the purpose is about are analysed. Everybody else in the picture is found only "
            "to be left out."
        ),
    ),
    Rule(
        "culture",
        frozenset({Effect.CULTURE}),
        _(
            "A cultural cohort is declared, never inferred from a face, and used only where the person "
            "agreed to it."
        ),
    ),
)
