"""The platform's own pages: organisations, and the way into one of them for a while."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import access_own_staff_session, access_tenant
from accounts.domain import staff, tenants
from accounts.domain.invitations import Issued, send_invitation
from accounts.domain.security import require_second_factor
from accounts.enums import PlatformRole
from accounts.forms.platform import (
    CloseForm,
    NewOrganisationForm,
    OwnerForm,
    QuotaForm,
    ReasonForm,
    StaffSessionForm,
)
from accounts.http import SignedInRequest, recently_authenticated
from accounts.models import Organisation
from accounts.platform_http import ANY_STAFF, platform_view
from echodepth.errors import UserError
from echodepth.tenancy import tenant

admin_view = platform_view(PlatformRole.ADMIN)
staff_view = platform_view(*ANY_STAFF)


@staff_view
def platform(request: SignedInRequest) -> HttpResponse:
    """The organisations, and the person's own open sessions. What they hold is told to admins alone."""
    search = request.GET.get("search", "")
    listed = tenants.Listed(search, with_usage=request.user.is_platform_admin)
    pages: Paginator[tenants.Tenant] = Paginator(listed, tenants.PAGE)  # type: ignore[arg-type]  # it is sliced
    page = pages.get_page(request.GET.get("page"))
    context = {"page_obj": page, "search": search, "sessions": staff.open_sessions_of(request.user)}
    return render(request, "accounts/platform.html", context)


@admin_view
def organisation_new(request: SignedInRequest) -> HttpResponse:
    form = NewOrganisationForm(request.POST or None, initial={"time_zone": "UTC"})
    if form.is_valid():
        made, issued = tenants.make(request.user, **form.cleaned_data)
        _send(request, issued)
        return redirect("platform-organisation", made.pk)
    return render(request, "accounts/platform_organisation_new.html", {"form": form})


@admin_view
def organisation(request: SignedInRequest, organisation_id: UUID) -> HttpResponse:
    """One organisation: its state, quotas and what it uses of them."""
    found = access_tenant(organisation_id)
    with tenant(found.pk):
        has_owner = tenants.has_owner(found)
    context = {"organisation": found, "used": tenants.used_quotas(found), "has_owner": has_owner}
    return render(request, "accounts/platform_organisation.html", context)


@admin_view
def owner_invite(request: SignedInRequest, organisation_id: UUID) -> HttpResponse:
    """Where an organisation has no owner yet: the mail did not arrive, or went to the wrong address."""
    found = access_tenant(organisation_id)
    form = OwnerForm(request.POST or None)
    if form.is_valid():
        _send(request, tenants.invite_owner(request.user, found.pk, form.cleaned_data["email"]))
        return redirect("platform-organisation", found.pk)
    return _page(request, "accounts/platform_owner.html", found, form)


@admin_view
def quotas(request: SignedInRequest, organisation_id: UUID) -> HttpResponse:
    found = access_tenant(organisation_id)
    form = QuotaForm(request.POST or None, initial=QuotaForm.filled(found))
    if form.is_valid():
        tenants.set_quotas(request.user, found.pk, form.quotas())
        messages.success(request, _("The quotas were saved."))
        return redirect("platform-organisation", found.pk)
    return _page(request, "accounts/platform_quotas.html", found, form)


@admin_view
@recently_authenticated
def suspend(request: SignedInRequest, organisation_id: UUID) -> HttpResponse:
    found = access_tenant(organisation_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        tenants.suspend(request.user, found.pk, form.cleaned_data["reason"])
        messages.success(request, _("%(name)s is suspended.") % {"name": found.name})
        return redirect("platform-organisation", found.pk)
    return _page(request, "accounts/platform_suspend.html", found, form)


@admin_view
@require_POST
@recently_authenticated
def reopen(request: SignedInRequest, organisation_id: UUID) -> HttpResponse:
    found = access_tenant(organisation_id)
    tenants.reopen(request.user, found.pk)
    messages.success(request, _("%(name)s is open again.") % {"name": found.name})
    return redirect("platform-organisation", found.pk)


@admin_view
@recently_authenticated
def close(request: SignedInRequest, organisation_id: UUID) -> HttpResponse:
    """For good, so the organisation's address is typed."""
    found = access_tenant(organisation_id)
    form = CloseForm(request.POST or None, slug=found.slug)
    if form.is_valid():
        tenants.close(request.user, found.pk, form.cleaned_data["reason"])
        messages.success(request, _("%(name)s is closed.") % {"name": found.name})
        return redirect("platform-organisation", found.pk)
    return _page(request, "accounts/platform_close.html", found, form)


@staff_view
@recently_authenticated
def session_new(request: SignedInRequest, organisation_id: UUID) -> HttpResponse:
    """The only way of platform staff into an organisation."""
    require_second_factor(request, request.user)
    found = access_tenant(organisation_id)
    form = StaffSessionForm(request.POST or None)
    if form.is_valid():
        try:
            staff.open_session(request.user, found.pk, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, str(error.sentence))
        else:
            return redirect(reverse("analysis:recordings", args=[found.slug]))
    return _page(request, "accounts/platform_session.html", found, form)


@staff_view
@require_POST
def session_end(request: SignedInRequest, organisation_id: UUID, session_id: UUID) -> HttpResponse:
    staff.end_own_session(access_own_staff_session(request.user, organisation_id, session_id))
    messages.success(request, _("The staff session has ended."))
    return redirect("platform")


def _page(request: SignedInRequest, template: str, found: Organisation, form: forms.Form) -> HttpResponse:
    return render(request, template, {"organisation": found, "form": form})


def _send(request: SignedInRequest, issued: Issued) -> None:
    who = {"who": issued.invitation.email}
    try:
        with tenant(issued.invitation.organisation_id):
            send_invitation(issued)
    except OSError:
        messages.warning(
            request, _("The invitation of %(who)s could not be mailed. Invite the owner again later.") % who
        )
    else:
        messages.success(request, _("An invitation is on its way to %(who)s.") % who)
