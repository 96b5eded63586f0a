"""The tenant's scope: outside of it, no tenant row can be read.

Every tenant model uses `TenantManager`; its queries raise `ScopeError` unless they run
inside `tenant(organisation_id)` (or, for work that crosses tenants by its nature, inside
`every_tenant()`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import models
from django_scopes import ScopedManager, scope, scopes_disabled


def TenantManager() -> models.Manager[Any]:  # noqa: N802 - it stands where a manager class would
    """A manager whose queries are limited to the organisation in scope."""
    manager: models.Manager[Any] = ScopedManager(organisation="organisation_id")
    return manager


@contextmanager
def tenant(organisation_id: UUID) -> Iterator[None]:
    """Enter an organisation's scope."""
    with scope(organisation=organisation_id):
        yield


@contextmanager
def every_tenant() -> Iterator[None]:
    """Leave the fence, for sweeps and platform commands only."""
    with scopes_disabled():
        yield
