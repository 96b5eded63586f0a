"""Downloads: every file goes through the access check of its run."""

from uuid import UUID

from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import OrganisationRequest, organisation_view
from echodepth.errors import UserError
from reports.access import access_result
from reports.domain.exports import KINDS, file_name, open_file


@require_safe
@organisation_view()
def download(request: OrganisationRequest, run_id: UUID, kind: str) -> FileResponse:  # noqa: ARG001 - a view's signature
    """PDF, CSV, Parquet or JSON as an attachment."""
    run, report = access_result(run_id)
    if kind not in KINDS:
        raise Http404
    try:
        content = open_file(run, report, kind)
    except FileNotFoundError as error:
        raise UserError(
            "file_not_there", _("This file is not there (yet). Go back and look at the result's page."), 404
        ) from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=file_name(run, kind),
        content_type=KINDS[kind].content_type,
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
