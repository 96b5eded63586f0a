"""Work that the client neither waits for nor learns of by waiting."""

import logging
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Any

from django.core.signals import request_finished
from django.dispatch import receiver

logger = logging.getLogger(__name__)

_waiting: ContextVar[tuple[Callable[[], Any], ...]] = ContextVar("waiting", default=())


def afterwards(work: Callable[[], Any]) -> None:
    """Do this when the answer was sent, with the request's number and address still known.

    It is lost when the process dies in between, and what goes wrong in it stands in the log alone.
    """
    _waiting.set((*_waiting.get(), partial(copy_context().run, work)))


@receiver(request_finished)
def do_what_waits(**_facts: Any) -> None:
    waiting = _waiting.get()
    _waiting.set(())
    for work in waiting:
        try:
            work()
        except Exception:
            logger.exception("What was left for after the answer failed.")
