"""The table of rules, case by case: what is declared, and what follows."""

from itertools import product

import pytest

from accounts.domain.lawful import rules
from accounts.domain.lawful.choices import GROUPS, PURPOSES, REGIONS, SETTINGS
from accounts.domain.lawful.rules import UnknownChoiceError, judge
from accounts.domain.lawful.table import RULES, VERSION, Rule
from accounts.enums import SubjectRole, UseState

R = SubjectRole
REFUSED_PURPOSES = {
    "recruitment",
    "worker_monitoring",
    "education_assessment",
    "law_enforcement",
    "lie_detection",
    "covert",
    "decisions",
}
REAL = {"notice", "roles", "culture"}
"""Rules and requirements of the same names that apply wherever real people are recorded."""


def rules_of(*use):
    return {rule.id for rule in judge(*use).rules}


# Purpose, setting, region, who is in the picture; state, rules besides those of every real use, what is
# required (`real`: what is required of every real use; `all`: consent too), roles that may be analysed.
TABLE = """
sales_meeting         online_meeting  eu           -                   allowed      eu_consent+eu_own_staff                          all   customer+prospect
sales_meeting         online_meeting  eu           counterparts_staff  unconfirmed  eu_consent+eu_counterparts_staff+eu_own_staff    all   customer+prospect
sales_meeting         workplace       eu           -                   refused      eu_work_teams                                    -     -
sales_meeting         workplace       uk           -                   allowed      uk_consent                                       all   customer+prospect
sales_meeting         meeting_room    uk           counterparts_staff  allowed      uk_consent                                       all   customer+prospect
sales_meeting         online_meeting  us_other     own_staff           unconfirmed  other_consent+region_not_read                    all   customer+prospect
sales_meeting         online_meeting  us_illinois  -                   unconfirmed  illinois_consent+illinois_everybody              all   customer+prospect
sales_meeting         online_meeting  other        -                   unconfirmed  other_consent+region_not_read                    all   customer+prospect
sales_meeting         public_place    us_other     -                   unconfirmed  other_consent+public_place+region_not_read       all   customer+prospect
customer_interview    online_meeting  eu           interviewer         allowed      eu_consent+eu_own_staff                          all   customer+prospect+speaker
customer_interview    workplace       eu           -                   refused      eu_work_teams                                    -     -
customer_interview    online_meeting  us_other     -                   unconfirmed  other_consent+region_not_read                    all   customer+prospect+speaker
own_pitch             stage           eu           -                   allowed      eu_consent+eu_own_staff                          all   speaker
own_pitch             workplace       eu           -                   unconfirmed  eu_consent+eu_own_pitch_at_work+eu_own_staff     all   speaker
own_pitch             workplace       uk           -                   allowed      uk_consent                                       all   speaker
own_pitch             self_recording  us_other     -                   unconfirmed  other_consent+region_not_read                    all   speaker
own_pitch             education       eu           -                   refused      eu_education                                     -     -
own_pitch             education       uk           -                   unconfirmed  students+uk_consent                              all   speaker
research              study           eu           -                   allowed      consent_of_participants+eu_consent+eu_own_staff  all   customer+prospect+speaker
research              study           eu           students            refused      eu_students                                      -     -
research              study           us_other     students            unconfirmed  consent_of_participants+other_consent+region_not_read+students_elsewhere all   customer+prospect+speaker
research              workplace       eu           -                   refused      eu_work_teams                                    -     -
research              study           us_other     -                   unconfirmed  consent_of_participants+other_consent+region_not_read all   customer+prospect+speaker
training_own          workplace       eu           own_staff           unconfirmed  consent_of_participants+eu_consent+training_own  all   speaker+own_staff
training_own          online_meeting  us_other     -                   unconfirmed  consent_of_participants+other_consent+region_not_read+training_own all   speaker+own_staff
sales_meeting         online_meeting  us_other     children            refused      children                                         -     -
research              study           us_other     applicants          refused      applicants                                       -     -
recruitment           online_meeting  us_other     -                   refused      recruitment                                      -     -
recruitment           online_meeting  eu           applicants          refused      applicants+recruitment                           -     -
worker_monitoring     workplace       uk           -                   refused      worker_monitoring                                -     -
education_assessment  education       other        students            refused      education_assessment                             -     -
education_assessment  education       eu           -                   refused      education_assessment+eu_education                -     -
law_enforcement       meeting_room    us_other     -                   refused      law_enforcement                                  -     -
lie_detection         online_meeting  us_other     -                   refused      lie_detection                                    -     -
covert                public_place    us_other     -                   refused      covert                                           -     -
decisions             online_meeting  uk           -                   refused      decisions                                        -     -
"""  # noqa: E501 - a table
CASES = [line.split() for line in TABLE.strip().splitlines()]


def several(cell):
    return set() if cell == "-" else set(cell.split("+"))


@pytest.mark.parametrize(
    ("purpose", "setting", "region", "person", "state", "applying", "requires", "roles"),
    CASES,
    ids=["-".join(case[:4]) for case in CASES],
)
def test_what_follows(purpose, setting, region, person, state, applying, requires, roles):
    outcome = judge(purpose, setting, region, several(person))

    assert outcome.state == state
    assert {rule.id for rule in outcome.rules} == several(applying) | (set() if state == "refused" else REAL)
    assert outcome.requires == {"-": set(), "real": REAL, "all": REAL | {"consent"}}[requires]
    assert outcome.roles == several(roles)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("setting", SETTINGS)
def test_rendered_people_require_nothing_but_a_confirmation_outside_of_a_demonstration(setting, region):
    outcome = judge("rendered_people", setting, region, [])

    state = UseState.ALLOWED if setting == "demonstration" else UseState.UNCONFIRMED
    assert (outcome.state, outcome.requires, outcome.roles) == (state, frozenset(), frozenset(R))
    assert all(rule.id == "rendered_elsewhere" for rule in outcome.rules)


@pytest.mark.parametrize("person", GROUPS)
def test_a_group_of_real_people_is_not_rendered(person):
    assert judge("rendered_people", "demonstration", "other", [person]).state == UseState.REFUSED
    assert rules_of("rendered_people", "demonstration", "other", [person]) == {"rendered_groups"}


def every_use():
    people = [(), *((key,) for key in GROUPS), *((role.value,) for role in R)]
    for purpose, setting, region, person in product(PURPOSES, SETTINGS, REGIONS, people):
        yield (purpose, setting, region, person), judge(purpose, setting, region, person)


def test_in_no_case_a_refused_purpose_is_let_through_or_anybody_left_without_notice():
    seen = 0
    for (purpose, _setting, region, person), outcome in every_use():
        seen += 1
        if purpose in REFUSED_PURPOSES:
            assert outcome.state == UseState.REFUSED
        if outcome.state == UseState.REFUSED:
            assert not outcome.roles
            assert not outcome.requires
            assert outcome.rules
        elif purpose != "rendered_people":
            assert outcome.requires >= {"notice", "roles", "culture"}
            assert "consent" in outcome.requires
            assert outcome.state == UseState.UNCONFIRMED or region in ("eu", "uk")  # where the law was read
            assert R.UNKNOWN not in outcome.roles
            assert R.INTERVIEWER not in outcome.roles
            assert not {"children", "applicants"} & set(person)
            if region == "eu" and purpose != "training_own":
                assert R.OWN_STAFF not in outcome.roles
    assert seen == len(PURPOSES) * len(SETTINGS) * len(REGIONS) * (1 + len(GROUPS) + len(R))


def test_every_rule_applies_somewhere_and_not_everywhere():
    """A rule that never applies, or always does, is not a rule."""
    applied = {rule.id: 0 for rule in RULES}
    uses = 0
    for _use, outcome in every_use():
        uses += 1
        for rule in outcome.rules:
            applied[rule.id] += 1

    assert all(0 < times < uses for times in applied.values()), applied


def test_one_person_who_may_not_be_there_is_enough():
    assert rules_of("research", "study", "us_other", ["customer", "children"]) == {"children"}


def test_a_rule_leaves_a_role_out_whatever_the_purpose_allows(monkeypatch):
    rule = Rule(
        "no_prospects", frozenset(), "No.", regions=frozenset({"uk"}), withheld=frozenset({R.PROSPECT})
    )
    monkeypatch.setattr(rules, "RULES", (*RULES, rule))

    assert judge("sales_meeting", "online_meeting", "uk", []).roles == {R.CUSTOMER}
    assert judge("sales_meeting", "online_meeting", "eu", []).roles == {R.CUSTOMER, R.PROSPECT}


@pytest.mark.parametrize(
    ("purpose", "setting", "region", "people"),
    [
        ("mind_reading", "study", "eu", []),
        ("research", "moon", "eu", []),
        ("research", "study", "mars", []),
        ("research", "study", "eu", ["ghosts"]),
    ],
)
def test_what_the_table_does_not_know_is_no_use(purpose, setting, region, people):
    with pytest.raises(UnknownChoiceError):
        judge(purpose, setting, region, people)


def test_an_outcome_is_kept_as_plain_lists():
    told = judge("sales_meeting", "online_meeting", "uk", []).as_json()

    assert told == {
        "rules": ["notice", "uk_consent", "roles", "culture"],
        "requires": ["consent", "culture", "notice", "roles"],
        "roles": ["customer", "prospect"],
    }


def test_a_declaration_names_the_rules_it_was_judged_by():
    assert VERSION == "2"
