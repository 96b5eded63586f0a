"""What an organisation sees of platform staff who came in."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import access_staff_session
from accounts.domain import staff
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import StaffSession
from accounts.permissions import Action

PAGE = 25


@organisation_view(Action.VIEW_AUDIT)
def staff_access(request: OrganisationRequest) -> HttpResponse:
    """The sessions, the newest first."""
    found = StaffSession.objects.select_related("user").order_by("-opened_at", "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "sessions": staff.told(page)}
    return render(request, "accounts/staff_access.html", context)


@require_POST
@organisation_view(Action.MANAGE_SECURITY)
def staff_end(request: OrganisationRequest, session_id: UUID) -> HttpResponse:
    session = access_staff_session(session_id)
    if staff.end_session(session, by_organisation=True):
        messages.success(request, _("The staff session has ended."))
    else:
        messages.info(request, _("This session had ended already."))
    return redirect("staff-access", request.organisation.slug)
