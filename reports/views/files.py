"""Downloads of a result, by a signed link."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.http import OrganisationRequest, organisation_view
from accounts.permissions import Action
from reports.access import access_result
from reports.domain.exports import KINDS, export_link


@require_safe
@organisation_view(Action.VIEW_RESULT)
def download(request: OrganisationRequest, run_id: UUID, kind: str) -> HttpResponse:
    """To the file: whoever reads the result may take the report, the measurements only who may export."""
    run, _report = access_result(run_id)
    if kind not in KINDS:
        raise Http404
    if kind != "pdf" and not request.can.may(Action.EXPORT):
        raise PermissionDenied
    return redirect(export_link(run, kind))
