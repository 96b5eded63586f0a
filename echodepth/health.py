"""Whether this process answers, and whether the whole installation is ready for work."""

import logging
import time
from collections.abc import Callable
from threading import Lock
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from echodepth.metrics import storage_error

logger = logging.getLogger(__name__)

Facts = dict[str, int | bool | None]
"""Of a check: `ok`, and numbers that say more; no names of machines, no ids."""
FRESH_SECONDS = 5.0
"""For so long an answer is given again: anybody may ask, and asking costs storage three calls."""
HANGS_SECONDS = 10.0
"""A look that takes longer hangs: what was said before it is no longer true of the check it waits for."""
FOLDER = "health"
"""Where the check of storage writes, outside of every organisation."""


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view's signature
    """200 when the database answers, else 503; says nothing else."""
    try:
        _ask_database()
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view's signature
    """200 when every check holds, else 503; each check by name."""
    found = READINESS.look()
    ready = all(facts["ok"] for facts in found.values())
    told = {"status": "ok" if ready else "not ready", "checks": found}
    return JsonResponse(told, status=200 if ready else 503)


class Readiness:
    """The registered checks, and what they said last."""

    def __init__(self) -> None:
        self._checks: dict[str, Callable[[], Facts]] = {}
        self._lock = Lock()
        self._said: dict[str, Facts] = {}
        self._said_at = float("-inf")
        self._begun_at = float("inf")
        """When the look under way began; while there is none, never."""
        self._asking = ""

    def register(self, name: str, check: Callable[[], Facts]) -> None:
        """`check` gives its facts; whatever it raises is a check that does not hold."""
        self._checks[name] = check

    def forget(self) -> None:
        """Look anew the next time."""
        self._said_at = float("-inf")

    def look(self) -> dict[str, Facts]:
        """What each check says, at most `FRESH_SECONDS` old.

        Of threads that ask at once one looks. The others do not wait, so that storage that hangs does not
        hold every thread of the web server: they have what was said before, and of a check that hangs,
        that it does not hold. Before the first look has ended no check holds.
        """
        if not self._lock.acquire(blocking=False):
            return self._said_meanwhile()
        try:
            if time.monotonic() - self._said_at >= FRESH_SECONDS:
                self._look()
        finally:
            self._begun_at = float("inf")
            self._lock.release()
        return self._said

    def _look(self) -> None:
        self._begun_at = time.monotonic()
        said = {}
        for name, check in self._checks.items():
            self._asking = name
            said[name] = _asked(name, check)
        self._said, self._said_at = said, time.monotonic()

    def _said_meanwhile(self) -> dict[str, Facts]:
        said = self._said
        if not said:
            return {name: {"ok": False} for name in self._checks}
        if time.monotonic() - self._begun_at >= HANGS_SECONDS:
            return said | {self._asking: {"ok": False}}
        return said


def _asked(name: str, check: Callable[[], Facts]) -> Facts:
    try:
        return check()
    except Exception:
        logger.exception("not ready: %s", name)
        return {"ok": False}


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _database() -> Facts:
    _ask_database()
    return {"ok": True}


def _storage() -> Facts:
    """A small object is written, read and erased: a full disk and a key without rights are found too."""
    content = uuid4().hex.encode()
    try:
        key = default_storage.save(f"{FOLDER}/{uuid4()}", ContentFile(content))
        try:
            with default_storage.open(key) as handle:
                same = handle.read() == content
        finally:
            default_storage.delete(key)
    except Exception:
        storage_error("check")
        raise
    return {"ok": same}


READINESS = Readiness()
READINESS.register("database", _database)
READINESS.register("storage", _storage)
