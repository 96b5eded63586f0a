"""Around every request: its number, the headers that bind the browser, the body's limit, and refusals."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from echodepth import error_pages
from echodepth.errors import UserError
from echodepth.request_id import current
from echodepth.uploads import MULTIPART_OVERHEAD, SMALL_BODY

GetResponse = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)


@receiver(request_finished)
def forget_request_id(**_facts: Any) -> None:
    current.set("")


def request_id(get_response: GetResponse) -> GetResponse:
    """A new UUID for each request; one that the client sends is not believed.

    It stays set until the answer is closed: Django logs a 404 or 500 after the last middleware is left.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        number = str(uuid.uuid4())
        current.set(number)
        response = get_response(request)
        response.headers["X-Request-ID"] = number
        return response

    return middleware


def security_headers(get_response: GetResponse) -> GetResponse:
    """Nothing inline, nothing foreign, no framing, no device."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return middleware


class BodyLimit:
    """Answers 413 before a body is read that is larger than the view takes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        # Django reads the whole body for the token against forgery, before a view can ask who it is.
        takes_upload = getattr(view, "takes_upload", False) and request.user.is_authenticated
        limit = settings.MAX_UPLOAD_BYTES + MULTIPART_OVERHEAD if takes_upload else SMALL_BODY
        return error_pages.too_large(request) if _claimed_length(request) > limit else None


def _claimed_length(request: HttpRequest) -> int:
    """Bytes; 0 for what is no number, of which Django then reads nothing."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class Refusals:
    """A `UserError` becomes a page or JSON with its sentence."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, UserError):
            return error_pages.refusal(request, exception)
        return None
