"""Where signed links lead."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from accounts.enums import OrganisationState
from accounts.models import Organisation
from echodepth import files
from echodepth.tenancy import tenant


@login_not_required
@require_safe
def file(request: HttpRequest, token: str) -> FileResponse:  # noqa: ARG001 - a view's signature
    """The file a link was signed for; whoever holds the link has it, as long as it is good.

    The link was signed for somebody who may have the file: of a suspended organisation that is platform staff
    alone. One that was closed since gives nothing out.
    """
    found = files.read_token(token)
    with tenant(found.organisation_id):
        if not Organisation.objects.exclude(state=OrganisationState.CLOSED).exists():
            raise Http404
    return files.answer(found)
