from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.domain.security import has_second_factor, members_with_second_factor, set_mfa_required
from accounts.http import OrganisationRequest, organisation_view, recently_authenticated
from accounts.models import Membership
from accounts.permissions import Action


@organisation_view(Action.MANAGE_SECURITY)
def security(request: OrganisationRequest) -> HttpResponse:
    """Whether members must have a second factor, and how many do."""
    context = {
        "required": request.organisation.require_mfa,
        "with_factor": members_with_second_factor(),
        "member_count": Membership.objects.count(),
        "own_factor": has_second_factor(request.user),
    }
    return render(request, "accounts/security.html", context)


@organisation_view(Action.MANAGE_SECURITY)
@require_POST
@recently_authenticated
def security_switch(request: OrganisationRequest) -> HttpResponse:
    """`required` is `on` or empty."""
    required = request.POST.get("required") == "on"
    set_mfa_required(request.organisation, request.user, required=required)
    if required:
        messages.success(request, _("Two-factor sign-in is required from now on."))
    else:
        messages.success(request, _("Two-factor sign-in is not required any more."))
    return redirect("security", request.organisation.slug)
