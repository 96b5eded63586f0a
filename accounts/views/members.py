from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import access_invitation, access_membership
from accounts.domain.invitations import (
    Issued,
    invite,
    invite_again,
    open_invitations,
    revoke_invitation,
    send_invitation,
)
from accounts.domain.members import change_role, remove_member, transfer_ownership
from accounts.domain.viewing import list_read
from accounts.enums import Role
from accounts.forms.members import InvitationForm, RoleForm
from accounts.http import OrganisationRequest, organisation_view, recently_authenticated
from accounts.models import Membership
from accounts.permissions import Action
from echodepth.errors import UserError

manager_view = organisation_view(Action.MANAGE_MEMBERS)


@manager_view
def members(request: OrganisationRequest) -> HttpResponse:
    """The members, the open invitations, and the form that invites."""
    form = InvitationForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        if asked := _asked_again(request, role):
            return asked
        try:
            issued = invite(request.organisation, form.cleaned_data["email"], role, by=request.actor)
        except UserError as error:
            form.add_error("email", str(error.sentence))
        else:
            tell_sent(request, issued)
            return redirect("members", request.organisation.slug)
    found = list(Membership.objects.select_related("user").order_by("user__email"))
    list_read("members", rows=len(found))
    context = {
        "form": form,
        "members": found,
        "invitations": list(open_invitations()),
        "now": timezone.now(),
    }
    return render(request, "accounts/members.html", context)


@manager_view
def member(request: OrganisationRequest, membership_id: int) -> HttpResponse:
    """One member: the form that changes the role, and the ways to hand over ownership and to remove."""
    found = access_membership(membership_id)
    role = Role.VIEWER if found.role == Role.GUEST else found.role  # a guest's own is not offered
    form = RoleForm(request.POST or None, actor=request.actor, initial={"role": role})
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        if asked := _asked_again(request, role, found.role):
            return asked
        change_role(request.actor, found, role)
        messages.success(request, _("The role was changed."))
        return redirect("members", request.organisation.slug)
    return render(request, "accounts/member.html", {"form": form, "member": found})


def _asked_again(request: OrganisationRequest, *roles: str) -> HttpResponse | None:
    """Where to prove that it is them, before somebody becomes owner or ceases to be; None where they did."""
    if Role.OWNER not in roles or not request.can.manage_owners:
        return None
    answer: HttpResponse | None = _proven(request)
    return answer


@recently_authenticated  # type: ignore[arg-type]  # nothing is answered where the page goes on
def _proven(_request: OrganisationRequest) -> None:
    """Reached by who has."""


@require_POST
@manager_view
def member_remove(request: OrganisationRequest, membership_id: int) -> HttpResponse:
    found = access_membership(membership_id)
    if asked := _asked_again(request, found.role):
        return asked
    remove_member(request.actor, found)
    messages.success(request, _("%(who)s was removed.") % {"who": found.user.email})
    if found.user_id == request.user.pk:
        return redirect("home")
    return redirect("members", request.organisation.slug)


@require_POST
@organisation_view(Action.MANAGE_OWNERS)
@recently_authenticated
def member_transfer(request: OrganisationRequest, membership_id: int) -> HttpResponse:
    """The member becomes owner, and the owner who asks for it admin."""
    found = access_membership(membership_id)
    transfer_ownership(request.actor, found)
    messages.success(request, _("%(who)s is now owner, and you are admin.") % {"who": found.user.email})
    return redirect("members", request.organisation.slug)


@organisation_view(Action.VIEW_RESULT)
def leave(request: OrganisationRequest) -> HttpResponse:
    """Every member, guests too, may go."""
    if request.actor.membership is None:
        raise UserError("no_member", _("Platform staff end their session instead."), status=409)
    if request.method == "POST":
        remove_member(request.actor, request.actor.membership)
        messages.success(request, _("You left %(name)s.") % {"name": request.organisation.name})
        return redirect("organisations")
    return render(request, "accounts/leave.html")


@require_POST
@manager_view
def invitation_send(request: OrganisationRequest, invitation_id: UUID) -> HttpResponse:
    """A new link by mail; the old one is void."""
    tell_sent(request, invite_again(request.actor, access_invitation(invitation_id)))
    return redirect("members", request.organisation.slug)


@require_POST
@manager_view
def invitation_withdraw(request: OrganisationRequest, invitation_id: UUID) -> HttpResponse:
    found = access_invitation(invitation_id)
    revoke_invitation(request.actor, found)
    messages.success(request, _("The invitation of %(who)s was withdrawn.") % {"who": found.email})
    return redirect("members", request.organisation.slug)


def tell_sent(request: OrganisationRequest, issued: Issued) -> None:
    """Mail the link, and say whether that worked."""
    who = {"who": issued.invitation.email}
    try:
        send_invitation(issued)
    except OSError:
        messages.warning(
            request, _("%(who)s is invited, but the mail could not be sent. Try “Send again” later.") % who
        )
    else:
        messages.success(request, _("%(who)s is invited. A mail is on its way.") % who)
