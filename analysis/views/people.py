"""Who is who in a recording, as a member says it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.domain.lawful import declarations
from accounts.domain.viewing import recording_opened
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Declaration
from accounts.permissions import Action
from analysis.access import access_run
from analysis.domain import assignments
from analysis.enums import RunState
from analysis.people_form import PeopleForm, picture


@organisation_view(Action.UPLOAD)
def people(request: OrganisationRequest, run_id: UUID) -> HttpResponse:
    """Ask of each face who it is on GET; keep it on POST, and have the run go on that waits for it."""
    run = access_run(run_id)
    if not run.people:
        raise Http404
    form = PeopleForm(request.POST or None, run=run)
    if form.is_valid():
        if assignments.assign(run, form.people(), request.user):
            said = _("Thank you: the analysis of “%(title)s” goes on.")
        else:
            said = _("Kept. It counts when “%(title)s” is analysed again.")
        messages.success(request, said % {"title": run.recording.title})
        return redirect("analysis:recording", request.organisation.slug, run.recording_id)
    recording_opened(run.recording)
    width, height = picture(run)
    context = {
        "run": run,
        "recording": run.recording,
        "form": form,
        "faces": form.shown(),
        "width": width,
        "height": height,
        "waits": run.state == RunState.ASSIGNING,
        "allowed": _allowed(run.declaration),
    }
    return render(request, "analysis/people.html", context, status=400 if form.errors else 200)


def _allowed(declaration: Declaration | None) -> list[str]:
    """Names of the roles that may be analysed."""
    return sorted(str(role.label) for role in declarations.roles(declaration)) if declaration else []
