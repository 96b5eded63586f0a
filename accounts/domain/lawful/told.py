"""A declaration in words, as pages and documents show it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.domain.lawful.choices import GROUPS, PURPOSES, REGIONS, SETTINGS
from accounts.domain.lawful.table import EFFECTS, RULES, SOURCES, Effect, Rule, Source
from accounts.enums import SubjectRole
from accounts.models import Declaration

Text = str | Promise
_RULES = {rule.id: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class ToldRule:
    """Why something follows, and from where one knows."""

    id: str
    reason: Text
    follows: list[Text]
    sources: list[Source]
    """None where it is what the product itself does not do, or asks for."""
    confirms: bool
    """Whether it is one of those things that a responsible person confirms."""


@dataclass(frozen=True, slots=True)
class ToldUse:
    """Labels instead of keys; a key that the table does not know any more stands as it is."""

    declaration: Declaration
    purpose: Text
    setting: Text
    region: Text
    people: list[Text]
    rules: list[ToldRule]
    requires: list[Text]
    roles: list[Text]


def told(declaration: Declaration) -> ToldUse:
    """Of a declaration with `declared_by` and `confirmed_by`."""
    outcome = declaration.outcome
    purpose, setting = PURPOSES.get(declaration.purpose), SETTINGS.get(declaration.setting)
    region = REGIONS.get(declaration.region)
    return ToldUse(
        declaration=declaration,
        purpose=purpose.label if purpose else declaration.purpose,
        setting=setting.label if setting else declaration.setting,
        region=region.label if region else declaration.region,
        people=[_person(key) for key in declaration.people],
        rules=[told_rule(_RULES[key]) for key in outcome.get("rules", []) if key in _RULES],
        requires=[EFFECTS[Effect(key)] for key in outcome.get("requires", [])],
        roles=[_person(key) for key in _in_order(outcome.get("roles", []))],
    )


def told_rule(rule: Rule) -> ToldRule:
    """With what follows from it in the order of `EFFECTS`."""
    return ToldRule(
        rule.id,
        rule.reason,
        [label for effect, label in EFFECTS.items() if effect in rule.effects],
        [SOURCES[key] for key in rule.sources],
        Effect.CONFIRM in rule.effects,
    )


def _in_order(roles: Iterable[str]) -> list[str]:
    return [role.value for role in SubjectRole if role.value in set(roles)]


def _person(key: str) -> Text:
    if key in GROUPS:
        return GROUPS[key].label
    return SubjectRole(key).label if key in SubjectRole else key
