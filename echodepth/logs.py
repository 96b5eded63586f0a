"""Log lines, as text or JSON: each names its request, run and organisation by id, and nobody by name.

What people wrote stays out of the log: an address of ours is logged as its route, which holds no token and
no slug; e-mail addresses and the values that PostgreSQL adds to an error are cut out of whatever is said.
"""

import json
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from echodepth import request_id
from echodepth.tenancy import current_tenant

run_id: ContextVar[str] = ContextVar("run_id", default="")
NOTHING = "-"
"""Stands in a line of text for what there is none of."""
EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
VALUES = re.compile(r"^(\s*(?:DETAIL|CONTEXT):).*$", re.MULTILINE)
"""What PostgreSQL says below an error: `Key (email)=(...) already exists.`"""


@contextmanager
def working_on(run: UUID) -> Iterator[None]:
    """What is logged inside is about this run."""
    token = run_id.set(str(run))
    try:
        yield
    finally:
        run_id.reset(token)


class ContextFilter(logging.Filter):
    """Gives every log record `request_id`, `run_id` and `tenant_id`, and takes addresses typed out of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.current.get()
        record.run_id = run_id.get()
        record.tenant_id = getattr(record, "tenant_id", "") or str(current_tenant() or "")
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            shown = route(request)
            record.args = tuple(shown if part == request.path else part for part in record.args)
        return True


def route(request: HttpRequest) -> str:
    """The address as the product declares it; of one that it does not know, the first part alone.

    What stands further behind may be a token or a name, also in an address that a mail program broke.
    """
    if request.resolver_match:
        return f"/{request.resolver_match.route}"
    first, more, _rest = request.path.removeprefix("/").partition("/")
    return f"/{first}/..." if more else "/..."


def without_persons(text: str) -> str:
    """The text with e-mail addresses and the database's values left out."""
    return EMAIL.sub("[e-mail]", VALUES.sub(r"\1 [left out]", text))


class LineFormatter(logging.Formatter):
    """A line of text; times of the log are UTC, as everything that is stored."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)sZ %(levelname)s %(name)s request=%(request_id)s%(more)s %(message)s",
            "%Y-%m-%dT%H:%M:%S",
        )

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        facts = {"tenant": getattr(record, "tenant_id", ""), "run": getattr(record, "run_id", "")}
        record.more = "".join(f" {name}={value}" for name, value in facts.items() if value)
        record.request_id = getattr(record, "request_id", "") or NOTHING
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return without_persons(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line; keys without a value are left out."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        facts: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_persons(record.getMessage()),
            "request_id": getattr(record, "request_id", ""),
            "tenant_id": getattr(record, "tenant_id", ""),
            "run_id": getattr(record, "run_id", ""),
            "status": getattr(record, "status_code", None),
            "process": record.process,
        }
        if record.exc_info:
            facts["exception"] = without_persons(self.formatException(record.exc_info))
        return json.dumps({name: fact for name, fact in facts.items() if fact not in {"", None}})
