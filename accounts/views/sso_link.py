"""The confirmation that an account and a provider's subject are one person."""

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.domain.sso.entrance import entered
from accounts.domain.sso.flows import flow_over, kept_link, take_link
from accounts.domain.sso.people import LinkWanted, confirm_link
from accounts.domain.sso.session import confinement
from accounts.models import User
from accounts.places import front_page
from echodepth.tenancy import tenant


@login_not_required
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    """An account with the address exists: its owner signs in to it, and then says that both are one."""
    wanted = kept_link(request.session)
    if wanted is None:
        raise flow_over()
    provider = entered(UUID(wanted.provider))
    if not isinstance(request.user, User) or confinement(request):
        return render(request, "accounts/sso/link.html", {"email": wanted.email, "signed_in": False})
    if not _signed_in_since(request, wanted):
        return redirect(f"{reverse('account_reauthenticate')}?next={reverse('sso-link')}")
    if request.method != "POST":
        facts = {"email": wanted.email, "signed_in": True, "organisation": provider.organisation}
        return render(request, "accounts/sso/link.html", facts)
    with tenant(provider.organisation_id):
        membership = confirm_link(provider, wanted, request.user)
    take_link(request.session)
    messages.success(request, _("From now on, single sign-on opens your account here."))
    return redirect(front_page(provider.organisation.slug, membership.guest_of))


def _signed_in_since(request: HttpRequest, wanted: LinkWanted) -> bool:
    """Whether the sign-in came after the way to the provider began."""
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return any(entry["at"] >= wanted.at for entry in records)
