"""How large a request's body may be."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])

SMALL_BODY = 10_000_000
"""Bytes that a view takes which says nothing."""
MULTIPART_OVERHEAD = 100_000
"""Bytes a form may add around its file."""


def claimed_length(request: HttpRequest) -> int:
    """Bytes of the body; 0 for what is no number, of which Django then reads nothing."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def takes_upload(view: View) -> View:
    """Decorate a view that takes a file of up to MAX_UPLOAD_BYTES. Put it outermost.

    The view has a `gate`, which is called as the view is and raises for people who may not send the file.
    """
    view.takes_upload = view.gate  # type: ignore[attr-defined]
    return view
