"""The list of recordings, and what keeps it moving."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Project
from analysis.domain import listing
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
    context = {
        "page_obj": page,
        "runs": listing.latest_runs(page),
        "projects": projects,
        "project": next((one for one in projects if one.pk == project), None),
        "progress": progress,
        "progresses": Progress.choices,
        "filtered": bool(project or progress),
    }
    return render(request, "analysis/recordings.html", context)


@organisation_view()
def progress(request: OrganisationRequest) -> JsonResponse:
    """How far the runs are that are named by `run=<id>`; unknown ids are left out."""
    wanted = [key for key in map(_uuid, request.GET.getlist("run")[:PAGE]) if key]
    found = Run.objects.filter(pk__in=wanted).select_related("recording__project", "recording__subject")
    return JsonResponse({"runs": [_moving(request, run) for run in found]})


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
