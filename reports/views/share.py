"""Showing one result to somebody who reaches nothing else."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.domain.invitations import invite, open_invitations
from accounts.enums import Role
from accounts.forms.members import GuestForm
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Membership
from accounts.permissions import Action
from accounts.views.members import tell_sent
from echodepth.errors import UserError
from reports.access import access_result


@organisation_view(Action.MANAGE_MEMBERS)
def share(request: OrganisationRequest, run_id: UUID) -> HttpResponse:
    """The guests of this result, and the form that invites one."""
    run, _report = access_result(run_id)
    form = GuestForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            issued = invite(request.organisation, email, Role.GUEST, by=request.actor, guest_of=run.pk)
        except UserError as error:
            form.add_error("email", str(error.sentence))
        else:
            tell_sent(request, issued)
            return redirect("reports:share", request.organisation.slug, run.pk)
    context = {
        "form": form,
        "run": run,
        "guests": Membership.objects.filter(guest_of=run.pk).select_related("user").order_by("user__email"),
        "invitations": open_invitations().usable().filter(guest_of=run.pk),
    }
    return render(request, "reports/share.html", context)
