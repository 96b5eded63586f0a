"""The door to every page of an organisation."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.access import access_organisation
from accounts.actor import Actor, acting
from accounts.domain.entry import check_entry
from accounts.domain.security import proved_by_provider
from accounts.domain.staff_trail import record_request
from accounts.models import Organisation, User
from accounts.permissions import Action, Permissions
from echodepth.client_address import address_of
from echodepth.errors import UserError
from echodepth.http import wants_json
from echodepth.tenancy import tenant


class SignedInRequest(HttpRequest):
    """A request of a person, as views see it that are not marked `login_not_required`."""

    user: User


class OrganisationRequest(SignedInRequest):
    """A request inside an organisation, as views behind `organisation_view` see it."""

    actor: Actor
    organisation: Organisation
    can: Permissions


View = Callable[..., HttpResponseBase]


def organisation_view(action: Action = Action.VIEW) -> Callable[[View], View]:
    """Decorate a view under `/o/<organisation_slug>/`.

    People who are no members, and staff without an open session, get 404; those whose role does not allow
    `action` get 403. Its `gate` refuses them in the same way, before a body is read.
    The view runs, and its template is rendered, inside the organisation's scope and time zone, and the audit
    trail knows who acts. A streaming answer is read after the scope has ended: it must hold no queries. The
    view receives the rest of the address's parts, without the slug, and is called with an
    `OrganisationRequest`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(
            request: OrganisationRequest, *args: Any, organisation_slug: str, **kwargs: Any
        ) -> HttpResponseBase:
            _enter(request, organisation_slug)
            zone = ZoneInfo(request.organisation.time_zone)
            with tenant(request.organisation.pk), acting(request.actor), timezone.override(zone):
                record_request(request.actor, request)
                _check(request, action)
                return _finished(view(request, *args, **kwargs))

        def gate(request: OrganisationRequest, *_args: Any, organisation_slug: str, **_kwargs: Any) -> None:
            _enter(request, organisation_slug)
            if not request.actor.may(action):
                with tenant(request.organisation.pk), acting(request.actor):
                    record_request(request.actor, request)
            _check(request, action)

        inner.gate = gate  # type: ignore[attr-defined]
        inner.action = action  # type: ignore[attr-defined]
        return inner

    return decorate


def _enter(request: OrganisationRequest, slug: str) -> None:
    actor = replace(access_organisation(request.user, slug), address=address_of(request))
    check_entry(request, actor)
    request.actor, request.organisation, request.can = actor, actor.organisation, actor.can


def _check(request: OrganisationRequest, action: Action) -> None:
    if not request.actor.may(action):
        raise PermissionDenied


def _finished(response: HttpResponseBase) -> HttpResponseBase:
    """Rendered, and kept by no cache unless the view says otherwise: a page is not for the next person."""
    render = getattr(response, "render", None)
    answer: HttpResponseBase = render() if callable(render) else response
    if not answer.has_header("Cache-Control"):
        add_never_cache_headers(answer)
    return answer


def recently_authenticated(view: View | None = None, *, resume: bool = True) -> Any:
    """Decorate a view that does what cannot be undone, under `organisation_view`.

    Who has not proven within ACCOUNT_REAUTHENTICATION_TIMEOUT that it is them is asked to, by password,
    second factor or passkey, or at the organisation's identity provider, and then comes back. What was sent
    is kept in the session meanwhile and the view called with it, unless `resume` is False, for forms that
    hold a secret. Scripts get 403 `reauthentication_required`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if is_recently_authenticated(request):
                return view(request, *args, **kwargs)
            return _ask_again(request, resume=resume)

        return inner

    return decorate(view) if view else decorate


def is_recently_authenticated(request: SignedInRequest) -> bool:
    if request.session.get("sso_provider"):
        return proved_by_provider(request, request.user)
    return bool(did_recently_reauthenticate(request))


def _ask_again(request: SignedInRequest, *, resume: bool) -> HttpResponseBase:
    """Raises allauth's ReauthenticationRequired, at which its middleware keeps the request; or UserError."""
    if wants_json(request):
        sentence = _("Confirm first that it is you: open this page in the browser.")
        raise UserError("reauthentication_required", sentence, status=403)
    if request.session.get("sso_provider"):
        return _sent_to("sso-again", request)
    if not resume:
        return _sent_to("account_reauthenticate", request)
    raise ReauthenticationRequired


def _sent_to(name: str, request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
