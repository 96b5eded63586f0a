"""What a session of single sign-on cannot reach."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.domain.sso.session import confinement
from echodepth import error_pages
from echodepth.errors import UserError, Way

OPEN = frozenset({"home", "organisations", "account_logout", "sso-again"})
"""Names of pages that are no organisation's and that such a session may open: they change nothing, or look
themselves at what the session is confined to."""


class SsoConfinement:
    """An organisation's provider vouches for a person inside that organisation, and for nothing else.

    The person's account reaches every organisation they belong to. So what changes the account (password,
    address, second factor), joins another organisation or runs the platform needs the account's own sign-in.
    What is new is confined unless it is named in `OPEN`, lies inside an organisation, where `check_entry`
    decides, or is open to everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if confinement(request) is None or "organisation_slug" in kwargs:
            return None
        if not getattr(view, "login_required", True) or _name(request) in OPEN:
            return None
        sentence = _(
            "You came by your organisation's single sign-on, which opens that organisation alone. For this, "
            "sign out and sign in to your account by its own means; if it has no password yet, use “Forgot "
            "your password?” on the sign-in page."
        )
        heading = _("This needs your own sign-in")
        way = Way(_("Sign out"), reverse("account_logout"))
        error = UserError("own_sign_in_needed", sentence, 403, heading=heading, way=way)
        return error_pages.refusal(request, error)


def _name(request: HttpRequest) -> str:
    return (request.resolver_match.url_name if request.resolver_match else None) or ""
