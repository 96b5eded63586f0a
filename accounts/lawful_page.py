"""`docs/lawful-use.md`, written from the table of rules."""

from accounts.domain.lawful.choices import GROUPS, PURPOSES, REGIONS, SETTINGS, Choice
from accounts.domain.lawful.table import REAL, RULES, SOURCES, VERSION, Rule
from accounts.domain.lawful.told import told_rule
from accounts.enums import SubjectRole
from echodepth.env import BASE_DIR

PAGE = BASE_DIR / "docs" / "lawful-use.md"
HEAD = """# What recordings may be analysed for

Nothing is analysed before somebody who manages the project has declared what its recordings are analysed for.
The declaration is judged by a table of rules, which is data (`accounts/domain/lawful/`), has a version, and
is tested case by case (`tests/accounts/domain/lawful/test_rules.py`). This page is written from it by
`manage.py write_lawful_use_page`. **It is no legal advice**: it says what this product asks for and refuses, and
from which text it was taken. Where a rule names no source, it is what the product itself asks or does not do.

## How it works

| step | who | what |
|---|---|---|
| declare | owner, admin, analyst | purpose, setting, region, who is in the picture; on the page after a new project, or `POST /api/v1/projects/<id>/uses/` |
| confirm | owner, admin | only where a rule asks for it: by full name, on the project's page "Declared use"; never by a token |
| see what is missing | everybody who sees the recording | the recording's page lists what the analysis waits for, each with the way to it; `missing` in the API |

A use is **allowed**, **waits for a named confirmation**, or is **refused** with the reason and its source; refused
ones are kept too. A declaration is never changed: another one ends it, and its runs that are under way begin anew
under the new one. When a later version of the rules says something else of a declared use, nothing more is
analysed until it is declared again; where it says the same, the declaration stands.

A recording that arrives while something is missing is kept, and its analysis begins by itself once nothing is
missing any more. What was asked for and refused stands in the audit trail (`run.refused`), as do declarations and
confirmations.

| code | what is missing |
|---|---|
| `declaration_missing` | the declaration |
| `use_refused` | nothing can be done: the use is refused |
| `declaration_outdated` | the rules changed: it is declared again |
| `use_unconfirmed` | the confirmation by name |
| `subject_missing` | who is in the recording |
| `role_missing` | what that person is to the organisation |
| `objected` | nothing can be done: the person objected |
| `consent_missing`, `consent_declined`, `consent_expired`, `consent_withdrawn` | the person's [consent](consent.md) |
| `notice_missing` | the notice of emotion analysis |
"""  # noqa: E501 - a page


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join(
        (
            HEAD,
            f"## What can be declared\n\nThe rules are version {VERSION}.\n",
            *_purposes(),
            "",
            f"**Settings**: {_named(SETTINGS)}.\n",
            f"**Regions**: {_named(REGIONS)}.\n",
            f"**People in the picture**: {_people()}, {_named(GROUPS)}.\n",
            "## The rules\n",
            "All that apply count together. A role that a rule leaves out is left out whatever others say.\n",
            *_rules(),
            "\n## Sources\n",
            *(f"- [{one.title}]({one.url}), read on {one.read_on:%-d %B %Y}" for one in SOURCES.values()),
            "",
        )
    )


def _people() -> str:
    known = [role for role in SubjectRole if role != SubjectRole.UNKNOWN]
    return ", ".join(f"{role.label} (`{role}`)" for role in known)


def _purposes() -> list[str]:
    rows = ["| purpose | what it is | analysed |", "|---|---|---|"]
    for key, purpose in PURPOSES.items():
        roles = ", ".join(str(role.label) for role in SubjectRole if role in purpose.roles)
        if not purpose.real:
            roles = "everybody"
        rows.append(f"| {purpose.label} (`{key}`) | {purpose.help} | {roles or 'refused'} |")
    return rows


def _named(choices: dict[str, Choice]) -> str:
    return ", ".join(f"{one.label} (`{key}`)" for key, one in choices.items())


def _rules() -> list[str]:
    rows = ["| rule | applies to | what follows | why | source |", "|---|---|---|---|---|"]
    for rule in RULES:
        said = told_rule(rule)
        follows = ", ".join(map(str, said.follows))
        if rule.withheld:
            follows += f"; left out: {', '.join(str(R.label) for R in SubjectRole if R in rule.withheld)}"
        sources = ", ".join(f"[{key}]({SOURCES[key].url})" for key in rule.sources) or "the product's own"
        rows.append(f"| `{rule.id}` | {_when(rule)} | {follows} | {rule.reason} | {sources} |")
    return rows


def _when(rule: Rule) -> str:
    """In keys, as the table above explains them."""
    purposes = "real people" if rule.purposes == {REAL} else _keys(rule.purposes)
    parts = [purposes, *(_keys(keys) for keys in (rule.settings, rule.regions, rule.people) if keys)]
    return "; ".join(parts)


def _keys(keys: frozenset[str]) -> str:
    return " or ".join(f"`{key}`" for key in sorted(keys))
