"""The page of one result."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.domain.viewing import result_opened
from accounts.http import OrganisationRequest, organisation_view
from accounts.permissions import Action
from analysis.domain import listing
from analysis.engine.result import SchemaError
from analysis.models import Run
from echodepth.errors import UserError
from reports.access import access_shown, has_result, report_of
from reports.domain import reviews
from reports.domain.report_data import ReportData, TrackReport
from reports.domain.source import frames_file, report_data
from reports.views.reviews import review_form


@require_safe
@organisation_view(Action.VIEW_RESULT)
def result(request: OrganisationRequest, run_id: UUID) -> HttpResponse:
    """A scored run's result; before it is scored, or if it failed, the recording's page says more.

    A guest may open no other page, and reads there that there is no result.
    """
    run = access_shown(run_id)
    if not has_result(run) and not request.can.view:
        raise Http404
    if not has_result(run):
        return redirect("analysis:recording", request.organisation.slug, run.recording_id)
    data = _data(run)
    result_opened(run)
    report = report_of(run)
    history = reviews.history(report)
    context = {
        "run": run,
        "recording": run.recording,
        "report": report,
        "review_state": reviews.state_among(history),
        "reviews": history,
        "form": review_form(request, report),
        "data": data,
        "track": _chosen(data, request.GET.get("face", "")),
        "analyses": listing.analyses(run.recording) if request.can.view else [],
    }
    return render(request, "reports/result.html", context)


def _data(run: Run) -> ReportData:
    try:
        with TemporaryDirectory(prefix="echodepth-result-") as name:
            return report_data(run, frames_file(run, Path(name)))
    except (FileNotFoundError, SchemaError) as error:
        raise UserError(
            "result_missing",
            _(
                "This result's files are no longer in storage, or of an earlier version that is not read "
                "any more. Run the analysis of the recording again."
            ),
            404,
        ) from error


def _chosen(data: ReportData, number: str) -> TrackReport | None:
    """The face asked for, or the one scored longest; None where no face was found."""
    if not number:
        return data.tracks[0] if data.tracks else None
    for track in data.tracks:
        if str(track.number) == number:
            return track
    raise Http404
