"""`docs/personal-data.md`, written from the tables of `echodepth.personal`."""

from collections.abc import Iterator

from echodepth import personal
from echodepth.env import BASE_DIR
from echodepth.personal import Classed, Sort

PAGE = BASE_DIR / "docs" / "personal-data.md"
HEAD = """# Personal data, field by field

This page is written by `manage.py write_personal_data_page` from the tables beside the models (`personal.py`
of each app, and `accounts/personal_installed.py`). Every column of every table in the database is classed
there, those of installed packages too; a test (`tests/contracts/test_personal_data.py`) fails on one that is
not, on an eraser or exporter that does not exist, and when this page is not written anew. Another
(`tests/reports/test_nothing_left.py`) erases a person and then searches the whole database, storage,
logs and queue for their name, address and file names.

Whom: a *subject* is somebody in a recording, a *member* somebody with an account, a *prospect* somebody who
asked for a sample analysis. The other classes are: *opaque*, ids, references and objects' addresses, which
name nobody by themselves; *key*, what lets somebody in, or is made of it: copied for nobody, gone with its
row; *organisation*, what an organisation says of itself; *technical*, states, counts, times and versions.

## What is personal

"Row" means that the field is copied with its row, as JSON and in the readable PDF, when the person asks for a
copy.

| field | whom | goes by | copied by |
|---|---|---|---|
"""
FILES = """
## Files

| file | holds | goes with |
|---|---|---|
| recording | a person's face and voice | the recording |
| frame table, result | what was measured, picture by picture and as a whole | the analysis |
| spool, while an analysis is under way | landmarks of the face | the analysis' end |
| report | the result, readable | the analysis |
| document | anything | the document |
| signed form of a consent | a name and a signature | the consent |
| copy of personal data | all of the above that is the person's | the person, or the time for copies |
"""


def page() -> str:
    parts = [HEAD + "\n".join(_personal()), FILES, *_ways("How it goes", personal.ERASERS)]
    parts += [*_ways("How it is copied, where not with its row", personal.COPIES), "## Everything else\n"]
    parts += [
        "| model | opaque | key | organisation | technical |\n|---|---|---|---|---|\n" + "\n".join(_rest())
    ]
    return "\n".join(parts) + "\n"


def _personal() -> Iterator[str]:
    for label, fields in sorted(personal.classed().items()):
        for name, what in fields.items():
            if what.sort is Sort.PERSONAL:
                copied = "row" if what.exporter == label else what.exporter
                yield f"| `{label}.{name}` | {what.whom} | {what.eraser} | {copied} |"


def _ways(title: str, ways: dict[str, personal.Way]) -> Iterator[str]:
    rows = [f"| {name} | {way.sentence} |" for name, way in sorted(ways.items())]
    yield f"## {title}\n"
    yield "\n".join(["| name | what it is |", "|---|---|", *rows, ""])


def _rest() -> Iterator[str]:
    sorts = (Sort.OPAQUE, Sort.KEY, Sort.ORGANISATION, Sort.TECHNICAL)
    for label, fields in sorted(personal.classed().items()):
        cells = " | ".join(_names(fields, sort) for sort in sorts)
        yield f"| `{label}` | {cells} |"


def _names(fields: dict[str, Classed], sort: Sort) -> str:
    return ", ".join(name for name, what in fields.items() if what.sort is sort)
