"""Steps that many kinds share; apps put them together in their `erasers`."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from accounts.domain.erasure import registry, things
from accounts.domain.erasure.registry import HeldError, Job, Step
from accounts.domain.retention import holds

CHUNK = 200
Rows = Callable[[Job], QuerySet[Any]]


def children(kind: str, of: Rows) -> Step:
    """Erases what something holds, one after the other: things of a kind of their own.

    Raises HeldError where one of them may not go: `erasures` asks before, of what it knew then.
    """

    def step(job: Job) -> bool:
        key = of(job).order_by("pk").values_list("pk", flat=True).first()
        if key is None:
            return False
        if holds.blocking(kind, key):
            raise HeldError
        return registry.advance(job.of(kind, key))

    return step


def itself(model: type[Any]) -> Step:
    """Deletes the row that the job is about, and writes it down."""
    return rows(model, lambda job: model.objects.filter(pk=job.object_id))


def rows(model: type[Any], of: Rows | None = None) -> Step:
    """Deletes rows, some at a time, and writes each down; without `of` all of the organisation in scope."""
    kind = str(model._meta.model_name)  # noqa: SLF001 - Django's documented API

    def step(job: Job) -> bool:
        found = of(job) if of else model.objects.all()
        keys = list(found.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        if not keys:
            return False
        with things.writing(job):
            for key in keys:
                things.note(job, kind, key)
            model.objects.filter(pk__in=keys).delete()
        return True

    return step
