"""Searching everything for traces of a person: every table, the queue, sessions, storage and the log."""

import io
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile, ZipFile

from django.contrib.sessions.models import Session
from django.db import connection
from django_q.models import OrmQ, Task

from accounts.doors import ORGANISATIONS
from echodepth.logs import JsonFormatter, LineFormatter
from echodepth.tenancy import tenant


class Log:
    """All that the product would write while it is open, in both formats."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self._handlers: list[logging.Handler] = []
        self._level = logging.NOTSET

    def __enter__(self) -> Self:
        root = logging.getLogger()
        self._level = root.level
        for formatter in (JsonFormatter(), LineFormatter()):
            handler = logging.StreamHandler(self.stream)
            handler.setFormatter(formatter)
            root.addHandler(handler)
            self._handlers.append(handler)
        root.setLevel(logging.INFO)
        return self

    def __exit__(self, *_facts: object) -> None:
        root = logging.getLogger()
        for handler in self._handlers:
            root.removeHandler(handler)
        root.setLevel(self._level)

    def found(self, words: Iterable[str]) -> set[str]:
        return _in(self.stream.getvalue(), words)


def in_database(words: Iterable[str]) -> dict[str, set[str]]:
    """Words by the table they stand in, in any spelling of letters.

    Every table there is, whosever it is and whether a model knows it or not; as the application may read it,
    in the scope of one organisation after the other.
    """
    wanted = list(words)
    found: dict[str, set[str]] = {}
    for organisation_id, _slug in ORGANISATIONS.open():
        with tenant(organisation_id):
            for table, row in _rows():
                if hit := _in(str(row), wanted):
                    found.setdefault(table, set()).update(hit)
    for name, told in _packed():
        if hit := _in(told, wanted):
            found.setdefault(name, set()).update(hit)
    return found


def _rows() -> Iterator[tuple[str, Any]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table's own name
            yield from ((table, row) for row in cursor.fetchall())


def _packed() -> Iterator[tuple[str, str]]:
    """What rows hold in a form that no search of the table finds: pickled, signed or compressed."""
    yield from (("queue", str(row.task)) for row in OrmQ.objects.all())
    yield from (("tasks", f"{row.args} {row.kwargs} {row.result}") for row in Task.objects.all())
    yield from (("sessions", str(row.get_decoded())) for row in Session.objects.all())


def in_storage(folder: Path, words: Iterable[str]) -> dict[str, set[str]]:
    """Likewise by the object's key: in its name and content; archives are opened."""
    wanted = list(words)
    found: dict[str, set[str]] = {}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        texts = [str(path.relative_to(folder)), *_contents(path)]
        if hit := set().union(*(_in(text, wanted) for text in texts)):
            found[str(path.relative_to(folder))] = hit
    return found


def _contents(path: Path) -> Iterator[str]:
    yield path.read_bytes().decode("utf-8", errors="replace")
    try:
        with ZipFile(path) as archive:
            for name in archive.namelist():
                yield name
                yield archive.read(name).decode("utf-8", errors="replace")
    except BadZipFile:
        return


def _in(text: str, words: Iterable[str]) -> set[str]:
    lower = text.lower()
    return {word for word in words if word.lower() in lower}
