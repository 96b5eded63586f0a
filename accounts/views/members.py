from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import access_membership
from accounts.domain.invitations import invite
from accounts.domain.members import add_member, change_role, remove_member
from accounts.enums import Role
from accounts.forms.members import AddMemberForm, RoleForm
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Membership
from accounts.permissions import LOWEST_ROLE, Action
from echodepth.errors import UserError

manager_view = organisation_view(LOWEST_ROLE[Action.MANAGE_MEMBERS])


@manager_view
def members(request: OrganisationRequest) -> HttpResponse:
    """The list of members, and the form that adds one."""
    form = AddMemberForm(request.POST or None, actor=request.membership)
    if form.is_valid():
        try:
            added = add_member(
                request.membership, form.cleaned_data["email"], Role(form.cleaned_data["role"])
            )
        except UserError as error:
            form.add_error("email", str(error.sentence))
        else:
            _send_invitation(request, added)
            return redirect("members", request.organisation.slug)
    return render(request, "accounts/members.html", {"form": form, "members": _rows(request)})


@manager_view
def member(request: OrganisationRequest, membership_id: int) -> HttpResponse:
    """One member: the form that changes the role, and the way to remove the person."""
    found = access_membership(request.organisation, membership_id)
    form = RoleForm(request.POST or None, actor=request.membership, initial={"role": found.role})
    if form.is_valid():
        change_role(request.membership, found, Role(form.cleaned_data["role"]))
        messages.success(request, _("The role was changed."))
        return redirect("members", request.organisation.slug)
    return render(request, "accounts/member.html", {"form": form, "member": found})


@require_POST
@manager_view
def member_remove(request: OrganisationRequest, membership_id: int) -> HttpResponse:
    found = access_membership(request.organisation, membership_id)
    remove_member(request.membership, found)
    messages.success(request, _("%(who)s was removed.") % {"who": found.user.email})
    if found.user_id == request.user.pk:
        return redirect("home")
    return redirect("members", request.organisation.slug)


@require_POST
@manager_view
def member_invite(request: OrganisationRequest, membership_id: int) -> HttpResponse:
    """Send the mail once more."""
    _send_invitation(request, access_membership(request.organisation, membership_id))
    return redirect("members", request.organisation.slug)


def _rows(request: OrganisationRequest) -> list[Membership]:
    found = Membership.objects.filter(organisation=request.organisation)
    return list(found.select_related("user").order_by("user__email"))


def _send_invitation(request: OrganisationRequest, added: Membership) -> None:
    who = {"who": added.user.email}
    try:
        invite(added, request.user)
    except OSError:
        messages.warning(
            request,
            _("%(who)s is a member, but the mail could not be sent. Try “Send the mail again” later.") % who,
        )
    else:
        messages.success(request, _("%(who)s is a member. A mail is on its way.") % who)
