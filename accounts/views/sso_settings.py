"""Single sign-on as an organisation's admin sets it up."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.domain.sso import oidc
from accounts.domain.sso.dns_proof import record_name, record_value
from accounts.domain.sso.domains import add_domain, prove_domain, remove_domain
from accounts.domain.sso.providers import (
    keep_provider,
    provider_of_scope,
    remove_provider,
    switch_off,
    switch_on,
    unlink,
)
from accounts.enums import Role
from accounts.forms.sso import DomainForm, ProviderForm
from accounts.http import OrganisationRequest, organisation_view, recently_authenticated
from accounts.models import Domain, Identity, IdentityProvider
from accounts.permissions import Action
from echodepth.errors import UserError

MOST_SHOWN = 200

admin_view = organisation_view(Action.MANAGE_SECURITY)


def change(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A button of these pages: for admins who have just proven that it is them.

    A GET comes from there, or from a bookmark, and leads to the page with the button. A refusal is shown on
    that page.
    """

    @admin_view
    @wraps(view)
    def inner(request: OrganisationRequest, **named: Any) -> HttpResponseBase:
        if request.method != "POST":
            return redirect("sso", request.organisation.slug)
        proven: HttpResponseBase = guarded(request, **named)
        return proven

    @recently_authenticated
    def guarded(request: OrganisationRequest, **named: Any) -> HttpResponseBase:
        try:
            return view(request, **named)
        except UserError as error:
            messages.error(request, str(error.sentence))
            slug = request.organisation.slug
            if "domain_id" in named:
                return redirect("sso-domain", slug, named["domain_id"])
            return redirect("sso", slug)

    return inner


@admin_view
def sso(request: OrganisationRequest) -> HttpResponse:
    """What is set up, and what is still missing."""
    return _overview(request, DomainForm())


@admin_view
@recently_authenticated
def domains(request: OrganisationRequest) -> HttpResponse:
    """Add a domain."""
    if request.method != "POST":
        return redirect("sso", request.organisation.slug)
    form = DomainForm(request.POST)
    if form.is_valid():
        try:
            added = add_domain(request.organisation, form.cleaned_data["name"])
        except UserError as error:
            form.add_error("name", str(error.sentence))
        else:
            return redirect("sso-domain", request.organisation.slug, added.pk)
    return _overview(request, form)


@admin_view
def domain(request: OrganisationRequest, domain_id: UUID) -> HttpResponse:
    """The record to publish, and the button that looks for it."""
    found = _domain(domain_id)
    facts = {"domain": found, "record": record_name(found.name), "value": record_value(found.secret)}
    return render(request, "accounts/sso/domain.html", facts)


@change
def domain_check(request: OrganisationRequest, domain_id: UUID) -> HttpResponse:
    _slow_down(request)
    found = _domain(domain_id)
    prove_domain(found)
    messages.success(request, _("%(name)s is proven.") % {"name": found.name})
    return redirect("sso", request.organisation.slug)


@change
def domain_remove(request: OrganisationRequest, domain_id: UUID) -> HttpResponse:
    found = _domain(domain_id)
    remove_domain(found)
    messages.success(request, _("%(name)s was removed.") % {"name": found.name})
    return redirect("sso", request.organisation.slug)


@admin_view
@recently_authenticated(resume=False)  # type: ignore[untyped-decorator]  # it takes a view or options
def provider(request: OrganisationRequest) -> HttpResponse:
    """Set up the provider, or change it."""
    found = provider_of_scope()
    form = ProviderForm(request.POST or None, provider=found)
    if form.is_valid():
        try:
            kept = keep_provider(request.organisation, form.facts())
        except UserError as error:
            at = "client_secret" if error.code == "sso_secret_missing" else "issuer"
            form.add_error(at, str(error.sentence))
        else:
            saved = _("The provider was saved.")
            messages.success(request, saved if kept.enabled else f"{saved} {_('Now switch it on.')}")
            return redirect("sso", request.organisation.slug)
    uri = oidc.redirect_uri(request.organisation.pk)
    return render(request, "accounts/sso/provider.html", {"form": form, "provider": found, "uri": uri})


@change
def provider_on(request: OrganisationRequest) -> HttpResponse:
    _slow_down(request)
    switch_on(_provider())
    messages.success(request, _("Single sign-on is on. Try it yourself in another browser before you leave."))
    return redirect("sso", request.organisation.slug)


@change
def provider_off(request: OrganisationRequest) -> HttpResponse:
    switch_off(_provider())
    messages.success(request, _("Single sign-on is off."))
    return redirect("sso", request.organisation.slug)


@change
def provider_remove(request: OrganisationRequest) -> HttpResponse:
    remove_provider(_provider())
    messages.success(request, _("The provider was removed, and nobody is linked any more."))
    return redirect("sso", request.organisation.slug)


@change
def identity_unlink(request: OrganisationRequest, identity_id: int) -> HttpResponse:
    found = Identity.objects.select_related("user").filter(pk=identity_id).first()
    if found is None:
        raise Http404
    unlink(found)
    messages.success(request, _("%(who)s is no longer linked.") % {"who": found.user.email})
    return redirect("sso", request.organisation.slug)


def _overview(request: OrganisationRequest, form: DomainForm) -> HttpResponse:
    linked = Identity.objects.select_related("user").order_by("user__email")
    found = list(Domain.objects.all())
    provider = provider_of_scope()
    facts = {
        "form": form,
        "domains": found,
        "proven": any(each.proven_at for each in found),
        "provider": provider,
        "role": Role(provider.role).label if provider else "",
        "identities": linked[:MOST_SHOWN],
        "identities_count": linked.count(),
        "uri": oidc.redirect_uri(request.organisation.pk),
    }
    return render(request, "accounts/sso/settings.html", facts)


def _domain(domain_id: UUID) -> Domain:
    found: Domain | None = Domain.objects.filter(pk=domain_id).first()
    if found is None:
        raise Http404
    return found


def _provider() -> IdentityProvider:
    found = provider_of_scope()
    if found is None:
        raise Http404
    return found


def _slow_down(request: OrganisationRequest) -> None:
    if not ratelimit.consume(request, action="sso_check"):
        raise UserError("too_many_requests", _("Too many checks. Wait a minute, then try again."), 429)
