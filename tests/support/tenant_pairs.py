"""Two tenants' rows of any model, and SQL that names a single one."""

# ruff: noqa: S608 - the names in the SQL are our models' own

from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, models, transaction
from django.db.models import Model

from accounts.models import Organisation
from echodepth.fence import organisation_column
from tests import factories


def factory_of(model: type[Model]) -> Any:
    """The factory of a tenant model; KeyError for a model without one in tests/factories.py."""
    made = {
        one._meta.model: one
        for one in vars(factories).values()
        if isinstance(one, type)
        and issubclass(one, factories.TenantFactory | factories.OrganisationFactory)
        and not one._meta.abstract
    }
    return made[model]


def pair(model: type[Model]) -> tuple[Any, Any]:
    """A row of ours and one of theirs."""
    factory = factory_of(model)
    return factory(), factory()


def table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def key(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.pk.column)


def some_field(model: type[Model]) -> models.Field:
    """One that is neither the key nor the organisation."""
    return next(
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.related_model is not Organisation
    )


def run(sql: str, *values: Any) -> int:
    """How many rows the statement reached."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def inserted(row: Model) -> tuple[str, list[Any]]:
    """The INSERT of a row, as SQL and values."""
    fields = row._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    marks = ", ".join("%s" for _ in fields)
    return f"INSERT INTO {table(type(row))} ({columns}) VALUES ({marks})", values


def refused(sql: str, *values: Any) -> str:
    """What PostgreSQL says to a statement that the role has no right to; fails where it has."""
    with pytest.raises(ProgrammingError) as caught, transaction.atomic():
        run(sql, *values)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege), caught.value
    return str(caught.value)


def foreign_keys(model: type[Model]) -> list[models.ForeignKey]:
    """From a tenant's row to another tenant's row; the organisation itself left out."""

    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model is not Organisation
        and organisation_column(field.related_model)
    ]
