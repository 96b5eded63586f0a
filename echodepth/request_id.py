"""The number of a request: in its answer's header, in the log, on the page a person reads out to support."""

from contextvars import ContextVar

current: ContextVar[str] = ContextVar("request_id", default="")
