"""Around every request: its number, the headers that bind the browser, the body's limit, and refusals."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from echodepth import error_pages
from echodepth.errors import UserError
from echodepth.http import wants_json
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
    """Before a large body is read: 413, or the answer of the gate to whom it refuses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        claimed = _claimed_length(request)
        gate = getattr(view, "takes_upload", None) if request.user.is_authenticated else None
        if claimed > (settings.MAX_UPLOAD_BYTES + MULTIPART_OVERHEAD if gate else SMALL_BODY):
            return error_pages.too_large(request)
        if gate and claimed > SMALL_BODY:
            # Django reads the whole body for the token against forgery, before the view can ask who it is.
            gate(request, *args, **kwargs)
        return None


def _claimed_length(request: HttpRequest) -> int:
    """Bytes; 0 for what is no number, of which Django then reads nothing."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class SignedIn(LoginRequiredMiddleware):
    """Every page is for people who are signed in, unless its view is marked `login_not_required`."""

    def handle_no_permission(  # type: ignore[override]  # Django's always redirects
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """To the sign-in page; a script, which could not follow, is told in JSON."""
        if wants_json(request):
            sentence = _("You are signed out. Sign in and try again.")
            return error_pages.refusal(request, UserError("signed_out", sentence, status=401))
        return super().handle_no_permission(request, view_func)


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
