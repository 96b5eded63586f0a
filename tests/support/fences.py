"""Taking a fence away, to see that the other one holds."""

from collections.abc import Iterator
from contextlib import contextmanager

from django_scopes import scopes_disabled


@contextmanager
def without_first_fence() -> Iterator[None]:
    """Queries name no organisation. On PostgreSQL row-level security is then what is left."""
    with scopes_disabled():
        yield
