"""What is left of things that went when their own rows and objects are gone: asked last, for every erasure.

Wake-ups and outcomes of tasks that name their ids, names kept beside the audit trail, due dates and holds.
What is gone is found by `ErasedThing`, so a crash in between changes nothing.
"""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet
from django_q.models import OrmQ, Task

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.erasure import things
from accounts.domain.erasure.registry import Job
from accounts.domain.retention import holds
from accounts.enums import PartyKind
from accounts.models import AuditParty, ErasedThing, LegalHold, Retention

CHUNK = 500
PAYLOADS = 200
"""Read at a time."""
UUIDS = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def advance(job: Job) -> bool:
    """Erase it all, page by page, with a lease for each; False, for nothing is left then."""
    _tasks(job)
    _removed(job, _itself(job, Retention.objects.all()))
    if not job.data_class:
        _removed(job, _itself(job, _ended_holds()))
    for page in _pages(job):
        things.renew(job.erasure)
        _names(job, page)
        ids = {UUID(key) for _kind, key in page}
        _removed(job, Retention.objects.filter(object_id__in=ids))
        if not job.data_class:
            _removed(job, _ended_holds().filter(object_id__in=ids))
    return False


def _tasks(job: Job) -> None:
    """What the queue keeps of a task: its arguments while it waits, and its outcome, with errors' texts."""
    ids = set() if job.data_class else {job.object_id.hex}
    ids |= {UUID(key).hex for page in _pages(job) for _kind, key in page}
    if not ids:
        return
    for page in _each(OrmQ.objects.all()):
        _drop(job, OrmQ, [row.pk for row in page if not ids.isdisjoint(named_in(row.task))])
    for page in _each(Task.objects.all()):
        told = [(row.pk, named_in([row.args, row.kwargs, row.result])) for row in page]
        _drop(job, Task, [key for key, named in told if not ids.isdisjoint(named)])


def _drop(job: Job, model: type[Any], keys: list[Any]) -> None:
    things.renew(job.erasure)
    if keys:
        with things.writing(job):
            for key in keys:
                things.note(job, "queue task", str(key))
            model.objects.filter(pk__in=keys).delete()


def _names(job: Job, page: list[tuple[str, str]]) -> None:
    """Titles, labels and names in the audit trail's index; the trail itself holds ids and stays."""
    keys = [f"{kind}:{object_id}" for kind, object_id in page]
    parties = AuditParty.objects.filter(kind=PartyKind.SUBJECT, key__in=keys)
    if not parties.exists():
        return
    with things.writing(job):
        names = list(parties.values_list("pk", flat=True))
        for party in names:
            things.note(job, "name beside the audit trail", party)
        parties.delete()
        record(AuditAction.AUDIT_ERASED, kind=PartyKind.SUBJECT, names=len(names))


def _itself(job: Job, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of what went wholly, every one; of a class of data, its own."""
    itself = rows.filter(kind=job.kind, object_id=job.object_id)
    return itself.filter(data_class=job.data_class) if job.data_class else itself


def _ended_holds() -> "QuerySet[LegalHold]":
    """Why something was held may name somebody. One in force stays: it was placed at the last moment."""
    found: QuerySet[LegalHold] = LegalHold.objects.exclude(pk__in=holds.in_force().values("pk"))
    return found


def _removed(job: Job, rows: QuerySet[Any]) -> None:
    """Neither due dates nor holds are listed in the certificate."""
    if rows.exists():
        with things.writing(job):
            rows.delete()


def _pages(job: Job) -> Iterator[list[tuple[str, str]]]:
    """Rows that went wholly: kind is a model's name, unlike that of an object in storage."""
    models = [str(model._meta.model_name) for model in apps.get_models()]  # noqa: SLF001 - documented API
    gone = ErasedThing.objects.filter(erasure=job.erasure, kind__in=models).order_by("pk")
    rows = list(gone.values_list("pk", "kind", "object_id")[:CHUNK])
    while rows:
        yield [(kind, key) for _pk, kind, key in rows if _is_uuid(key)]
        rows = list(gone.filter(pk__gt=rows[-1][0]).values_list("pk", "kind", "object_id")[:CHUNK])


def _each(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """All rows by page; what is deleted meanwhile moves none."""
    rows = rows.order_by("pk")
    page = list(rows[:PAYLOADS])
    while page:
        last = page[-1].pk
        yield page
        page = list(rows.filter(pk__gt=last)[:PAYLOADS])


def named_in(told: Any) -> set[str]:
    """UUIDs, in hexadecimal, that stand anywhere in what a task was told or answered."""
    if isinstance(told, dict):
        return named_in(list(told.values()))
    if isinstance(told, list | tuple | set):
        return set[str]().union(*map(named_in, told))
    text = str(told) if isinstance(told, str | UUID) else ""
    return {found.replace("-", "").lower() for found in UUIDS.findall(text)}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
