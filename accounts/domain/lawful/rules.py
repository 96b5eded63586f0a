"""What follows from a declared use, by the table of rules."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.domain.lawful.choices import GROUPS, PURPOSES, REGIONS, SETTINGS
from accounts.domain.lawful.table import REAL, RULES, VERSION, Effect, Rule
from accounts.enums import SubjectRole, UseState

__all__ = ["VERSION", "Outcome", "UnknownChoiceError", "judge"]

REQUIREMENTS = (Effect.CONSENT, Effect.NOTICE, Effect.ROLES, Effect.CULTURE)


class UnknownChoiceError(ValueError):
    """Something was declared that the table does not know."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules say of a use."""

    state: UseState
    rules: tuple[Rule, ...]
    """All that apply, in the table's order; where one refuses, those alone that do."""
    requires: frozenset[str]
    """Of `consent`, `notice`, `roles`, `culture`: what must be there before a person is analysed."""
    roles: frozenset[SubjectRole]
    """Of people who may be analysed; nothing is computed of anybody else."""

    def as_json(self) -> dict[str, list[str]]:
        """As a declaration keeps it."""
        return {
            "rules": [rule.id for rule in self.rules],
            "requires": sorted(self.requires),
            "roles": sorted(self.roles),
        }


def judge(purpose: str, setting: str, region: str, people: Iterable[str]) -> Outcome:
    """Raises UnknownChoiceError. `people` are values of `SubjectRole` and keys of `GROUPS`."""
    named = frozenset(people)
    _check(purpose, setting, region, named)
    applying = tuple(rule for rule in RULES if _applies(rule, purpose, setting, region, named))
    effects = frozenset(effect for rule in applying for effect in rule.effects)
    if Effect.REFUSE in effects:
        refusing = tuple(rule for rule in applying if Effect.REFUSE in rule.effects)
        return Outcome(UseState.REFUSED, refusing, frozenset(), frozenset())
    withheld = frozenset(role for rule in applying for role in rule.withheld)
    return Outcome(
        UseState.UNCONFIRMED if Effect.CONFIRM in effects else UseState.ALLOWED,
        applying,
        frozenset(str(effect) for effect in effects.intersection(REQUIREMENTS)),
        PURPOSES[purpose].roles - withheld,
    )


def _check(purpose: str, setting: str, region: str, people: frozenset[str]) -> None:
    known = purpose in PURPOSES and setting in SETTINGS and region in REGIONS
    unknown = people - frozenset(SubjectRole) - frozenset(GROUPS)
    if not known or unknown:
        raise UnknownChoiceError(purpose, setting, region, *sorted(unknown))


def _applies(rule: Rule, purpose: str, setting: str, region: str, people: frozenset[str]) -> bool:
    return (
        (purpose in rule.purposes or (REAL in rule.purposes and PURPOSES[purpose].real))
        and (not rule.settings or setting in rule.settings)
        and (not rule.regions or region in rule.regions)
        and (not rule.people or bool(people & rule.people))
    )
