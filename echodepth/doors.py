"""Look-ups before a tenant is known: the only way to learn which organisation something belongs to.

A door is one named SELECT of few columns. On PostgreSQL it is a security-definer function of a role that may
read those tables and nothing else (`echodepth.fence` makes it); on SQLite the SELECT is run as it stands.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Door:
    """`name` begins with `door_`. In `body`, `{argument}` stands for a value; see `open`."""

    name: str
    arguments: dict[str, str]
    """Name and SQL type of each, such as `{"user_id": "bigint"}`."""
    returns: dict[str, str]
    """Name and SQL type of each column."""
    tables: tuple[str, ...]
    """What the body reads."""
    body: str
    """One SELECT that PostgreSQL and SQLite both run."""

    def open(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows; columns of type uuid are UUIDs, of type timestamptz aware times. The same goes in."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                marks = ", ".join("%s" for _ in self.arguments)
                given = [values[name] for name in self.arguments]
                cursor.execute(f"SELECT * FROM {self.name}({marks})", given)  # noqa: S608 - our own names
            else:
                cursor.execute(*self._plain(values))
            rows = cursor.fetchall()
        kinds = list(self.returns.values())
        return [tuple(_value(value, kind) for value, kind in zip(row, kinds, strict=True)) for row in rows]

    def _plain(self, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        sql = self.body.format_map({name: f"%({name})s" for name in self.arguments})
        return sql, {name: _sqlite(values[name]) for name in self.arguments}


def _sqlite(value: Any) -> Any:
    """As Django stores it there: UUIDs without dashes, times in UTC without a zone."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.hex if isinstance(value, UUID) else value


def _value(value: Any, kind: str) -> Any:
    if kind == "uuid" and value is not None:
        return UUID(str(value))
    if kind == "timestamptz" and value is not None:
        # SQLite gives a column as a time without a zone, and what is computed of it as text.
        time = datetime.fromisoformat(value) if isinstance(value, str) else value
        return timezone.make_aware(time, UTC) if timezone.is_naive(time) else time
    return value
