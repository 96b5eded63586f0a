"""What an organisation takes along: every row it has, as tables, and every file.

A table is a file of JSON lines, one row a line. Of a row everything is told but what would let somebody in
(`echodepth.personal` says which columns those are). Files are announced by the apps that have them, in an
order that can be gone on with.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from accounts.models import AuditHead, Membership, Offboarding, OffboardingPart, User
from echodepth.fence import tenant_models
from echodepth.personal import Sort, classed

CHUNK = 1000

WITHOUT: frozenset[type[Model]] = frozenset({AuditHead, Offboarding, OffboardingPart})
"""Tables that are not told: the trail's seals, which are worth nothing elsewhere, and the export itself."""
PEOPLE = ("id", "email", "full_name", "date_joined")
"""Columns of members' accounts."""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file of the organisation in scope, and where it lies in the zip."""

    id: UUID
    path: str
    """Such as `recordings/<id>/interview.mp4`."""
    key: str
    """Of its object in storage."""


Files = Callable[[UUID | None], Iterator[TakenFile]]
"""Called in the organisation's scope: files in the order of their ids, behind the id where one is told."""

_kinds: dict[str, Files] = {}


def register(kind: str, files: Files) -> None:
    """Announce a kind of file."""
    _kinds[kind] = files


def kinds() -> frozenset[str]:
    """What is registered."""
    return frozenset(_kinds)


def files(after_kind: str = "", after_id: UUID | None = None) -> Iterator[tuple[str, TakenFile]]:
    """Every file of the organisation in scope with its kind, or those behind the one that is named."""
    for kind in sorted(_kinds):
        if kind >= after_kind:
            yield from ((kind, file) for file in _kinds[kind](after_id if kind == after_kind else None))


def tables() -> Iterator[tuple[str, Iterator[bytes]]]:
    """Name and lines of every table of the organisation in scope, members' accounts among them."""
    yield "people", _people()
    for model in sorted(tenant_models(), key=lambda model: model._meta.label):  # noqa: SLF001 - documented
        if model not in WITHOUT:
            yield model._meta.model_name or "", _rows(model)  # noqa: SLF001


def _rows(model: type[Model]) -> Iterator[bytes]:
    rows = model._default_manager.order_by("pk")  # noqa: SLF001 - documented
    for row in rows.values(*told_columns(model)).iterator(CHUNK):
        yield _line(row)


def told_columns(model: type[Model]) -> list[str]:
    """Those that are classed, and not as keys: what nobody classed might be one."""
    told = {name for name, one in classed().get(model._meta.label, {}).items() if one.sort != Sort.KEY}  # noqa: SLF001 - documented
    return [field.attname for field in model._meta.concrete_fields if field.name in told]  # noqa: SLF001


def _people() -> Iterator[bytes]:
    members = Membership.objects.order_by("user_id").values_list("user_id", flat=True)
    for row in User.objects.filter(pk__in=list(members)).order_by("pk").values(*PEOPLE):
        yield _line(row)


def _line(row: dict[str, Any]) -> bytes:
    return (json.dumps(row, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n").encode()
