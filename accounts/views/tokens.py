"""Keys to the API: a member's own, and everyone's for those who manage them."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import access_token
from accounts.domain import tokens as domain
from accounts.forms.tokens import TokenForm
from accounts.http import OrganisationRequest, organisation_view, recently_authenticated
from accounts.permissions import Action

PAGE = 50


@organisation_view(Action.USE_TOKENS)
def tokens(request: OrganisationRequest) -> HttpResponse:
    found = domain.seen_by(request.actor)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "tokens": list(page), "now": timezone.now()}
    return render(request, "accounts/tokens.html", context)


@organisation_view(Action.USE_TOKENS)
@recently_authenticated
def token_new(request: OrganisationRequest) -> HttpResponse:
    """The form; then, once, the token itself: it goes into this one answer and is kept nowhere."""
    form = TokenForm(request.POST or None, actor=request.actor)
    if not form.is_valid():
        status = 400 if form.errors else 200
        return render(request, "accounts/token_new.html", {"form": form}, status=status)
    told = form.cleaned_data
    token, secret = domain.issue(request.actor, told["name"], form.chosen(), told["days"])
    return render(request, "accounts/token_made.html", {"token": token, "secret": secret}, status=201)


@require_POST
@organisation_view(Action.USE_TOKENS)
def token_revoke(request: OrganisationRequest, token_id: UUID) -> HttpResponse:
    found = access_token(request.actor, token_id)
    domain.revoke(found)
    messages.success(request, _("“%(name)s” was revoked. It opens nothing any more.") % {"name": found.name})
    return redirect("tokens", request.organisation.slug)
