"""Leaving with the whole organisation: taking everything along, then having it erased."""

import json
import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access_offboarding_part
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.offboarding import exports, leaving
from accounts.domain.offboarding.connect import LINK_KIND
from accounts.enums import OffboardingState
from accounts.forms.offboarding import LeaveForm
from accounts.http import OrganisationRequest, organisation_view, recently_authenticated
from accounts.permissions import Action
from echodepth import files

logger = logging.getLogger(__name__)

owner_view = organisation_view(Action.OFFBOARD)


@require_safe
@owner_view
def offboarding(request: OrganisationRequest) -> HttpResponse:
    """How far the export is, its files, and the way to the end."""
    row = exports.current()
    context: dict[str, Any] = {
        "row": row,
        "made": exports.made(row) if row else None,
        "holds": leaving.holds(),
    }
    if row and row.state == OffboardingState.READY:
        context["obstacle"] = leaving.obstacle(row)
    return render(request, "accounts/offboarding.html", context)


@require_POST
@owner_view
@recently_authenticated
def offboarding_export(request: OrganisationRequest) -> HttpResponse:
    """Put everything together, anew where it was before."""
    exports.begin(request.organisation, request.user)
    return redirect("offboarding", request.organisation.slug)


@require_safe
@owner_view
@recently_authenticated
def offboarding_part(request: OrganisationRequest, part_id: UUID) -> HttpResponse:
    """To one of the files."""
    part = access_offboarding_part(part_id)
    address = files.link(LINK_KIND, part.pk)
    record(AuditAction.OFFBOARDING_TAKEN, request.organisation, part=part.number)
    return redirect(address)


@owner_view
@recently_authenticated
def offboarding_leave(request: OrganisationRequest) -> HttpResponse:
    """The last question; POST shuts the organisation and begins to erase it."""
    row = exports.current()
    if row is None or row.state != OffboardingState.READY or leaving.holds() or leaving.obstacle(row):
        return redirect("offboarding", request.organisation.slug)
    form = LeaveForm(request.POST or None, organisation_name=request.organisation.name)
    if not form.is_valid():
        return render(request, "accounts/offboarding_leave.html", {"form": form, "row": row})
    erasure = leaving.leave(request.actor, form.cleaned_data["name"])
    try:
        leaving.send_receipt(erasure, request.user.email)
    except OSError:
        logger.exception("erasure %s: its receipt could not be mailed", erasure.pk)
        messages.warning(request, _("The mail with this link could not be sent. Keep the link yourself."))
    return redirect(leaving.receipt(erasure))


@login_not_required
@never_cache
@require_safe
def left(request: HttpRequest, token: str) -> HttpResponse:
    """How far the erasure is, for whoever holds the link; nothing personal is told."""
    context = {"receipt": leaving.read_receipt(token), "token": token}
    return _unlisted(render(request, "accounts/left.html", context))


@login_not_required
@never_cache
@require_safe
def left_certificate(_request: HttpRequest, token: str) -> HttpResponse:
    """The certificate as a file, once it is there."""
    receipt = leaving.read_receipt(token)
    if receipt.certificate is None:
        raise Http404
    content = json.dumps(leaving.certificate_file(receipt.certificate), indent=1)
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="echodepth-certificate.json"'
    return _unlisted(answer)


def _unlisted(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it; no page here tells another site its address."""
    response["X-Robots-Tag"] = "noindex"
    return response
