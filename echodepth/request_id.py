"""The number of a request: in its answer's header, in the log, on the page a person reads out to support."""

import logging
import time
from contextvars import ContextVar

current: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdFilter(logging.Filter):
    """Gives every log record `request_id`; a dash outside of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current.get() or "-"
        return True


class UtcFormatter(logging.Formatter):
    """Times of the log are UTC, as everything that is stored."""

    converter = staticmethod(time.gmtime)
