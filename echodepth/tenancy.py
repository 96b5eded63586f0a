"""The first fence: outside of a tenant's scope no tenant row can be read.

Every tenant model uses `TenantManager`; its queries raise `ScopeError` unless they run inside
`tenant(organisation_id)`. On PostgreSQL the same scope opens the second fence, row-level security:
`echodepth.postgresql` tells the database of it before each statement. Two kinds of work cross tenants, and
both through narrow openings: look-ups before a tenant is known (`echodepth.doors`), and sweeps (`sweeping`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import models
from django_scopes import ScopedManager, get_scope, scope, scopes_disabled

_sweeping: ContextVar[bool] = ContextVar("sweeping", default=False)


def TenantManager(  # noqa: N802 - it stands where a manager class would
    organisation: str = "organisation_id", queryset: type[models.QuerySet[Any]] = models.QuerySet
) -> Any:
    """A manager whose queries are limited to the organisation in scope, which `organisation` names."""
    return ScopedManager(_manager_class=models.Manager.from_queryset(queryset), organisation=organisation)


@contextmanager
def tenant(organisation_id: UUID) -> Iterator[None]:
    """Enter an organisation's scope; inside another one or a sweep, that is left until the end.

    Raises TypeError for what is no UUID: nothing would stand for every tenant.
    """
    if not isinstance(organisation_id, UUID):
        raise TypeError(organisation_id)
    swept = _sweeping.set(False)
    try:
        with scope(organisation=organisation_id):
            yield
    finally:
        _sweeping.reset(swept)


def current_tenant() -> UUID | None:
    """The organisation in scope."""
    found: UUID | None = get_scope().get("organisation")
    return found


@contextmanager
def sweeping() -> Iterator[None]:
    """Read which rows of any organisation are due: ids, states and times, the columns in a model's `SWEPT`.

    On PostgreSQL by a role that reaches nothing else and writes nothing. What is due is then dealt with
    inside its tenant's scope.
    """
    token = _sweeping.set(True)
    try:
        with scopes_disabled():
            yield
    finally:
        _sweeping.reset(token)


def is_sweeping() -> bool:
    """Whether statements are to be run as the sweeping role."""
    return _sweeping.get()
