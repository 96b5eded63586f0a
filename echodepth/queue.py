"""The queue of tasks, in the order in which they were queued."""

from typing import Any

from django_q.brokers.orm import ORM


class OldestFirst(ORM):  # type: ignore[misc]  # django-q2 tells no types
    """django-q2's queue in the database, which by itself takes tasks in whatever order rows come.

    On PostgreSQL that is not the order of their making, and runs would not take turns.
    """

    @staticmethod
    def get_connection(list_key: str | None = None) -> Any:
        return ORM.get_connection(list_key).order_by("pk")
