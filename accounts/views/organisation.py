from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.domain.organisations import change_organisation
from accounts.enums import Role
from accounts.forms.organisation import OrganisationForm
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Organisation
from accounts.permissions import DESK_ROLES, STAFF_ROLES, Action, desk_table, role_table, staff_table


@organisation_view(Action.MANAGE_ORGANISATION)
def settings(request: OrganisationRequest) -> HttpResponse:
    """Name and time zone. The form has a copy: the page's frame shows what is stored, not what was typed."""
    copy = Organisation.objects.get(pk=request.organisation.pk)
    form = OrganisationForm(request.POST or None, instance=copy)
    if form.is_valid():
        change_organisation(request.organisation, form.cleaned_data["name"], form.cleaned_data["time_zone"])
        messages.success(request, _("The settings were saved."))
        return redirect("organisation-settings", request.organisation.slug)
    return render(request, "accounts/settings.html", {"form": form})


@organisation_view()
def roles(request: OrganisationRequest) -> HttpResponse:
    """Who may do what, from the table that decides it."""
    context = {
        "roles": list(Role),
        "own": request.actor.membership and request.actor.membership.role,
        "table": role_table(),
        "staff_roles": STAFF_ROLES,
        "staff_table": staff_table(),
        "desk_roles": DESK_ROLES,
        "desk_table": desk_table() if request.organisation.is_desk else None,
    }
    return render(request, "accounts/roles.html", context)
