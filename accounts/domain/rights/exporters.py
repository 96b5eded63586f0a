"""How each kind of personal data is copied for the person it is of: apps register what they hold.

Of a row all is copied that `echodepth.personal` classes as personal or as the organisation's, with the ids
that join it to other rows. Secrets are not, nor who of the organisation's members dealt with it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.db.models import Field, ForeignKey, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent, Declaration, Notice, Organisation, PrivacyText, RightsRequest, Subject
from echodepth.personal import Classed, Sort, fields_of

Row = dict[str, Any]
Others = Callable[[Subject, Any], Row]
"""Of a row that says something of other people too: what the copy holds instead, by the field's name."""
ALSO = frozenset({"accounts.PrivacyText"})
"""Copied because a person was shown them, though they say nothing of the person."""
_SHOWN = (Sort.PERSONAL, Sort.ORGANISATION)


@dataclass(frozen=True, slots=True)
class Exporter:
    """One kind of rows."""

    model: type[Model]
    title: str | Promise
    rows: "Callable[[Subject], QuerySet[Any]]"
    """Those that are of the person; run in the organisation's scope."""
    others: "Others" = field(default=lambda _person, _row: {})


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """A file that goes into the copy."""

    name: str
    """Path in the zip."""
    write: Callable[[IO[bytes]], None]
    """Writes its content; raises FileNotFoundError where it is not there any more, or OSError of storage."""


Files = Callable[[Subject, bool], Iterator[CopiedFile]]
"""The person, and whether media and what may show others were asked for as well."""

_exporters: dict[str, Exporter] = {}
_files: list[Files] = []


def register(
    model: type[Model],
    title: str | Promise,
    rows: "Callable[[Subject], QuerySet[Any]]",
    others: Others | None = None,
) -> None:
    """Announce rows of a model; `others` where a row may say something of somebody else as well."""
    label = model._meta.label  # noqa: SLF001 - Django's documented API
    _exporters[label] = Exporter(model, title, rows, others) if others else Exporter(model, title, rows)


def register_files(files: Files) -> None:
    """Announce files."""
    _files.append(files)


def exporters() -> list[Exporter]:
    """All that is registered, in that order."""
    return list(_exporters.values())


def labels() -> frozenset[str]:
    """Labels of the models whose rows are copied."""
    return frozenset(_exporters)


def files(subject: Subject, *, with_media: bool) -> Iterator[CopiedFile]:
    for found in _files:
        yield from found(subject, with_media)


def copied(fields: dict[str, Classed]) -> list[str]:
    """Names of the fields that a copy of a row holds, its references left out."""
    return [name for name, what in fields.items() if what.sort in _SHOWN]


def copy_of(row: Model, exporter: str = "") -> Row:
    """The row in JSON's types: its id, what it belongs to, and what it says.

    Of what is personal, that which goes into the copy of `exporter`: the model's own where none is named.
    """
    fields, label = fields_of(type(row)), row._meta.label  # noqa: SLF001 - Django's documented API
    wanted = exporter or label
    told = [one for one in row._meta.local_fields if _is_copied(one, fields[one.name], wanted)]  # noqa: SLF001 - as above
    return {one.name: _plain(getattr(row, one.attname)) for one in told}


def _is_copied(field: "Field[Any, Any]", what: Classed, exporter: str) -> bool:
    if what.sort is Sort.PERSONAL:
        return what.exporter == exporter
    if what.sort is Sort.ORGANISATION or field.primary_key:
        return True
    people = (get_user_model(), Organisation)
    return isinstance(field, ForeignKey) and field.related_model not in people


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)


def declarations(subject: Subject) -> Iterable[Row]:
    """What the person's project says it analyses recordings for, the newest first.

    Without who confirmed it: that is somebody else.
    """
    project = subject.project
    for one in Declaration.objects.filter(project=project):
        told = copy_of(one, "declaration")
        yield {"project_name": project.name, "project_description": project.description} | told


def connect() -> None:
    """Called once, when the app is ready."""
    register(Subject, _("Who you are here"), lambda person: Subject.objects.filter(pk=person.pk))
    register(Consent, _("Consents"), lambda person: Consent.objects.filter(subject=person))
    register(Notice, _("Notices you were shown"), lambda person: Notice.objects.filter(subject=person))
    register(PrivacyText, _("Texts you were shown"), _texts)
    register(
        RightsRequest, _("What you asked for"), lambda person: RightsRequest.objects.filter(subject=person)
    )


def _requests(person: Subject) -> "QuerySet[RightsRequest]":
    found: QuerySet[RightsRequest] = RightsRequest.objects.filter(subject=person)
    return found


def _texts(person: Subject) -> "QuerySet[PrivacyText]":
    consents = Q(pk__in=Consent.objects.filter(subject=person).values("text"))
    notices = Q(pk__in=Notice.objects.filter(subject=person).values("text"))
    found: QuerySet[PrivacyText] = PrivacyText.objects.filter(consents | notices)
    return found
