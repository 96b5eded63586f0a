"""What something costs the database."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def cost_of(work: Callable[[], object]) -> int:
    """How many statements it takes."""
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)
