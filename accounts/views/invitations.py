"""The page behind an invitation's link, for whoever holds it, signed in or not."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import limits
from accounts.domain.invitations import accept_as_new_person, accept_invitation, find_invitation
from accounts.domain.people import owns_address, person_of
from accounts.domain.sso.session import confined_to
from accounts.forms.members import NewPersonForm
from accounts.models import Invitation, Membership, User
from accounts.places import front_page
from echodepth.client_address import address_of


@login_not_required
@never_cache
@sensitive_post_parameters()
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Says who invites to what. POST accepts: as the person signed in, or as a new one."""
    found = _found(request, token)
    if isinstance(request.user, User):
        return _signed_in(request, request.user, found)
    if person_of(found.email):
        return _page(request, found, situation="known")
    return _new_person(request, found)


def _found(request: HttpRequest, token: str) -> Invitation:
    """Raises UserError as `find_invitation` does, and `too_many_requests` where one tries link after link."""
    place = limits.INVITATION.take(limits.network(address_of(request)))
    found = find_invitation(token)
    limits.INVITATION.give_back(place)
    return found


def _signed_in(request: HttpRequest, user: User, found: Invitation) -> HttpResponse:
    if confined_to(request) is not None:
        return _page(request, found, situation="confined")
    if not owns_address(user, found.email):
        return _page(request, found, situation="other")
    if request.method == "POST":
        return _welcome(request, accept_invitation(found, user))
    return _page(request, found, situation="yours")


def _new_person(request: HttpRequest, found: Invitation) -> HttpResponseBase:
    form = NewPersonForm(request.POST or None, email=found.email)
    if not form.is_valid():
        return _page(request, found, situation="new", form=form)
    password = form.cleaned_data["password"]
    membership = accept_as_new_person(found, form.cleaned_data["full_name"], password)
    answer = _welcome(request, membership)
    record_authentication(request, membership.user, method="password", email=found.email)
    signed_in: HttpResponseBase = perform_login(request, membership.user, redirect_url=answer.url)
    return signed_in


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponseRedirect:
    organisation = membership.organisation
    messages.success(request, _("You are now a member of %(name)s.") % {"name": organisation.name})
    return redirect(front_page(organisation.slug, membership.guest_of))


def _page(
    request: HttpRequest, found: Invitation, *, situation: str, form: NewPersonForm | None = None
) -> HttpResponse:
    context = {"invitation": found, "situation": situation, "form": form}
    return render(request, "accounts/invitation.html", context)
