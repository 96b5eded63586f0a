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
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from echodepth import client_address, error_pages
from echodepth.errors import UserError
from echodepth.http import wants_json
from echodepth.request_id import current
from echodepth.storage.origin import upload_origin
from echodepth.uploads import MULTIPART_OVERHEAD, SMALL_BODY, claimed_length

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
PERMISSIONS_POLICY = ", ".join(
    [
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "browsing-topics",
                "camera",
                "display-capture",
                "geolocation",
                "gyroscope",
                "hid",
                "local-fonts",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "serial",
                "usb",
            )
        ),
        # Passkeys are made and asked for by our own pages.
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)


@receiver(request_finished)
def forget_request_id(**_facts: Any) -> None:
    current.set("")
    client_address.current.set("")


@receiver(request_finished)
def forget_language(**_facts: Any) -> None:
    """What the thread does next, for whomever, is in the language of the settings again."""
    translation.deactivate()


def request_id(get_response: GetResponse) -> GetResponse:
    """A new UUID for each request; one that the client sends is not believed. Its address is noted with it.

    It stays set until the answer is closed: Django logs a 404 or 500 after the last middleware is left.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        number = str(uuid.uuid4())
        current.set(number)
        client_address.current.set(client_address.address_of(request))
        response = get_response(request)
        response.headers["X-Request-ID"] = number
        return response

    return middleware


def security_headers(get_response: GetResponse) -> GetResponse:
    """Nothing inline, nothing foreign, no framing, no device; no other site may take what we answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", _content_security_policy())
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def _content_security_policy() -> str:
    """Scripts speak with us alone, and with the storage where uploads go straight to it."""
    sources = _SOURCES | {"connect-src": f"'self' {upload_origin()}".strip()}
    return "; ".join(f"{part} {allowed}" for part, allowed in sources.items())


class BodyLimit:
    """Before a large body is read: 413, or the answer of the gate to whom it refuses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "reads_its_body", False):
            return None  # the API's: it reads nothing before it knows who sends it
        claimed = claimed_length(request)
        gate = getattr(view, "takes_upload", None)
        is_known = request.user.is_authenticated or getattr(gate, "is_for_strangers", False)
        gate = gate if gate and is_known else None
        if claimed > (settings.MAX_UPLOAD_BYTES + MULTIPART_OVERHEAD if gate else SMALL_BODY):
            return error_pages.too_large(request)
        if gate and claimed > SMALL_BODY:
            # Django reads the whole body for the token against forgery, before the view can ask who it is.
            # What is raised here passes by `Refusals`, which is asked for a view's alone.
            try:
                gate(request, *args, **kwargs)
            except UserError as refusal:
                return error_pages.refusal(request, refusal)
        return None


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
