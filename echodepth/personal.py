"""What every field of every model says of people, how it is copied for them, and how it goes.

Each app registers a table beside its models; `tests/contracts/test_personal_data.py` fails on a field that
stands in none, and docs/personal-data.md is written from them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.apps import apps
from django.db.models import Field, Model


class Sort(StrEnum):
    OPAQUE = "opaque"
    """Ids, references and keys of objects: they name nobody by themselves."""
    PERSONAL = "personal"
    KEY = "key"
    """Passwords, tokens, keys, sessions, or what is made of them: copied for nobody, gone with their row."""
    ORGANISATION = "organisation"
    """What an organisation or the platform says of itself and its work."""
    TECHNICAL = "technical"
    """States, counts, times and versions."""


class Whom(StrEnum):
    SUBJECT = "subject"
    """Somebody who is seen or heard in a recording."""
    MEMBER = "member"
    """Somebody with an account, or who is invited to one."""
    PROSPECT = "prospect"
    """Somebody who asked for a free sample analysis."""
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Classed:
    """One field."""

    sort: Sort
    whom: Whom | None = None
    eraser: str = ""
    """Name in `ERASERS`; personal fields alone have one, and an exporter."""
    exporter: str = ""
    """Label of the model whose rows are copied (`domain.rights.exporters`), or a name in `COPIES`."""


@dataclass(frozen=True, slots=True)
class Personal:
    """Fields of a model that are personal in the same way; names parted by blanks."""

    names: str
    whom: Whom
    eraser: str
    exporter: str = ""
    """Empty for the model's own rows in the copy that a person gets."""


@dataclass(frozen=True, slots=True)
class Table:
    """The fields of models, by the model's label such as `accounts.Subject`."""

    fields: dict[str, dict[str, Classed]] = field(default_factory=dict)

    def add(
        self,
        model: str,
        *,
        opaque: str = "",
        technical: str = "",
        organisation: str = "",
        keys: str = "",
        personal: Iterable[Personal] = (),
    ) -> None:
        """Names parted by blanks. Raises ValueError for a field that is classed twice."""
        classed = self.fields.setdefault(model, {})
        plain = {
            Sort.OPAQUE: opaque,
            Sort.TECHNICAL: technical,
            Sort.ORGANISATION: organisation,
            Sort.KEY: keys,
        }
        for sort, names in plain.items():
            _put(classed, names, Classed(sort))
        for one in personal:
            _put(classed, one.names, Classed(Sort.PERSONAL, one.whom, one.eraser, one.exporter or model))


def _put(classed: dict[str, Classed], names: str, what: Classed) -> None:
    for name in names.split():
        if name in classed:
            raise ValueError(f"{name} is classed twice")
        classed[name] = what


@dataclass(frozen=True, slots=True)
class Way:
    """An eraser, or a copy that is no row's: what it is, and the function that does it."""

    sentence: str
    path: str
    """`package.module:function`."""


ERASERS: dict[str, Way] = {}
COPIES: dict[str, Way] = {}
_tables: list[Table] = []


def register(
    table: Table, *, erasers: Mapping[str, Way] | None = None, copies: Mapping[str, Way] | None = None
) -> None:
    """Announce an app's table, once, when the app is ready."""
    _tables.append(table)
    ERASERS.update(erasers or {})
    COPIES.update(copies or {})


def classed() -> dict[str, dict[str, Classed]]:
    """Every model's fields as the tables class them."""
    return {label: fields for table in _tables for label, fields in table.fields.items()}


def fields_of(model: type[Model]) -> dict[str, Classed]:
    """A model's fields; KeyError for one that stands in no table."""
    return classed()[model._meta.label]  # noqa: SLF001 - Django's documented API


def stored_fields() -> Iterator[tuple[type[Model], "Field[object, object]"]]:
    """Every field that has a column, or a table between two models, of every installed app.

    A proxy has its model's columns and no others, and is left out.
    """
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:  # noqa: SLF001 - as above
            for one in (*model._meta.local_fields, *model._meta.local_many_to_many):  # noqa: SLF001 - as above
                yield model, one
