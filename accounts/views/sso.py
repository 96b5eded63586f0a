"""Signing in by an organisation's provider: there and back."""

from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import user_logged_in
from allauth.core import ratelimit
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.sso import oidc
from accounts.domain.sso.entrance import entered, provider_of
from accounts.domain.sso.flows import flow_over, keep_flow, keep_link, take_flow
from accounts.domain.sso.people import LinkWanted, admit
from accounts.domain.sso.session import Confinement, confinement, mark
from accounts.forms.sso import StartForm
from accounts.http import SignedInRequest
from accounts.models import Identity, IdentityProvider, User
from echodepth.errors import UserError
from echodepth.tenancy import tenant

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the address. Its domain alone decides: the answer is the same with and without an account."""
    form = StartForm(request.POST or None)
    wanted = _page_of_ours(request, request.POST.get("next") or request.GET.get("next") or "")
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            _slow_down(request)
            return _go(request, provider_of(email), hint=email, to=wanted)
        except UserError as error:
            form.add_error("email", str(error.sentence))
    return render(request, "accounts/sso/start.html", {"form": form, "next": wanted})


@never_cache
def again(request: SignedInRequest) -> HttpResponse:
    """In a session of single sign-on: sign in at the provider once more, before something dangerous."""
    found = confinement(request)
    if found is None:
        return redirect("account_reauthenticate")
    wanted = _page_of_ours(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.method == "POST":
        _slow_down(request)
        return _go(request, entered(found.provider_id), hint=request.user.email, again=True, to=wanted)
    return render(request, "accounts/sso/again.html", {"next": wanted})


@login_not_required
@never_cache
@require_GET
def callback(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """The provider's answer. Each state is good for one answer, in the browser that left with it."""
    flow = take_flow(request.session, request.GET.get("state", ""))
    if flow is None or flow.over or flow.organisation != str(organisation_id):
        raise flow_over()
    provider = entered(UUID(flow.provider))
    with tenant(organisation_id):
        claims = oidc.arrive(provider, flow, request.GET.dict())
        if flow.again:
            return _confirmed(request, provider, claims.subject, flow.to)
        try:
            user = admit(provider, claims)
        except UserError as error:
            record(AuditAction.SIGN_IN_FAILED, provider, method="sso", code=error.code)
            raise
    if user:
        return _sign_in(request, provider, user, flow.to)
    if request.user.is_authenticated and confinement(request):
        logout(request)
    wanted = LinkWanted(flow.organisation, flow.provider, claims.subject, claims.email, flow.at)
    keep_link(request.session, wanted)
    return redirect("sso-link")


def _go(
    request: HttpRequest, provider: IdentityProvider, *, hint: str, to: str, again: bool = False
) -> HttpResponse:
    """A page that leads on by itself: the policy against foreign forms also stops a form's redirect."""
    flow, url = oidc.depart(provider, hint=hint, again=again, to=to)
    keep_flow(request.session, flow)
    response = render(request, "accounts/sso/going.html", {"url": url, "host": urlsplit(url).hostname})
    response.headers["Refresh"] = f"0; url={url}"
    return response


def _sign_in(request: HttpRequest, provider: IdentityProvider, user: User, to: str) -> HttpResponse:
    """A new session, in which nothing of the former one is left."""
    if request.user.is_authenticated:
        logout(request)
    else:
        request.session.flush()
    mark(request.session, Confinement(provider.organisation_id, provider.pk))
    login(request, user, backend=BACKEND)
    record_authentication(request, user, method="sso")
    # Lists the session on the person's page of sessions, and writes the organisation's trail.
    user_logged_in.send(sender=User, request=request, user=user)
    return redirect(to or "home")


def _confirmed(request: HttpRequest, provider: IdentityProvider, subject: str, to: str) -> HttpResponse:
    """The person of this session signed in at the provider once more."""
    found = confinement(request)
    identity = Identity.objects.filter(provider=provider, subject=subject).first()
    same = identity is not None and identity.user_id == request.user.pk
    if found is None or found.provider_id != provider.pk or not same:
        sentence = _("Somebody else signed in at the provider, so nothing was confirmed.")
        raise UserError("sso_not_you", sentence, 403)
    record_authentication(request, request.user, method="sso", reauthenticated=True)
    return redirect(to or "home")


def _slow_down(request: HttpRequest) -> None:
    if not ratelimit.consume(request, action="sso"):
        raise UserError("too_many_requests", _("Too many attempts. Wait a minute, then try again."), 429)


def _page_of_ours(request: HttpRequest, url: str) -> str:
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if ours else ""
