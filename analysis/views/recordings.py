"""The list of recordings, and what keeps it moving."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.domain.viewing import list_read
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Project
from analysis.domain import listing
from analysis.domain.sight import in_sight
from analysis.domain.work import standing
from analysis.engine.statement import STATEMENT
from analysis.enums import Progress
from analysis.messages import frames_analysed
from analysis.models import Run

PAGE = 25
"""Recordings on a page, and the most runs one poll may ask about."""


@organisation_view()
def recordings(request: OrganisationRequest) -> HttpResponse:
    project = _uuid(request.GET.get("project", ""))
    progress = request.GET.get("state", "")
    found = listing.recordings(project, Progress(progress) if progress in Progress else None)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    projects = list(Project.objects.all())
    chosen = next((one for one in projects if one.pk == project), None)
    runs = listing.latest_runs(page)
    standing.tell(runs)
    list_read("recordings", chosen, rows=len(runs))
    context = {
        "page_obj": page,
        "runs": runs,
        "projects": projects,
        "project": chosen,
        "progress": progress,
        "progresses": Progress.choices,
        "filtered": bool(project or progress),
    }
    return render(request, "analysis/recordings.html", context)


@organisation_view()
def progress(request: OrganisationRequest) -> JsonResponse:
    """How far the runs are that are named by `run=<id>`; unknown ids are left out."""
    wanted = [key for key in map(_uuid, request.GET.getlist("run")[:PAGE]) if key]
    rows = Run.objects.filter(pk__in=wanted).select_related("recording__project", "recording__subject")
    found = list(in_sight(rows, "recording__"))
    standing.tell(found)
    return JsonResponse({"statement": STATEMENT, "runs": [_moving(request, run) for run in found]})


def _moving(request: OrganisationRequest, run: Run) -> dict[str, object]:
    parts = {"state": render_to_string("analysis/includes/state.html", {"run": run}, request)}
    if run.is_final:
        parts["row"] = render_to_string("analysis/includes/recording_row.html", {"run": run}, request)
    return {
        "id": run.pk,
        "final": run.is_final,
        "frames": frames_analysed(run),
        "announcement": f"{run.recording.title}: {run.get_state_display()}",
        **parts,
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
