"""Rows of tenants, for tests: each is read and written inside its organisation's scope."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from accounts.doors import ORGANISATIONS
from accounts.models import Organisation
from echodepth.tenancy import tenant

Row = TypeVar("Row", bound=Model)


def organisation_of(row: Model) -> UUID:
    """The organisation a row belongs to; its own id for an organisation."""
    found: UUID = row.pk if isinstance(row, Organisation) else row.organisation_id  # type: ignore[attr-defined]
    return found


def save(row: Row, **changes: Any) -> Row:
    """The row, saved with these changes."""
    for name, value in changes.items():
        setattr(row, name, value)
    with tenant(organisation_of(row)):
        row.save()
    return row


def fresh(row: Row) -> Row:
    """The row as the database has it now."""
    with tenant(organisation_of(row)):
        found: Row = type(row)._default_manager.get(pk=row.pk)
    return found


def every(model: type[Model]) -> list[Any]:
    """All rows of all organisations, each organisation's by primary key."""
    found: list[Any] = []
    for organisation_id, _slug in ORGANISATIONS.open():
        with tenant(organisation_id):
            found += model._default_manager.order_by("pk")
    return found
