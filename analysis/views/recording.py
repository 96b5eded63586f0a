"""One recording: its progress, cancelling, running again, deleting."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.domain.viewing import recording_opened
from accounts.http import OrganisationRequest, organisation_view
from accounts.permissions import Action
from analysis.access import access_recording
from analysis.domain import erasure, gate, listing
from analysis.domain.subjects import name_subject, subject_labels
from analysis.domain.work import runs, standing
from analysis.enums import RunState
from analysis.forms import NeutralForm, SubjectLabelForm
from analysis.messages import explain
from analysis.models import Run


@organisation_view()
def recording(request: OrganisationRequest, recording_id: UUID) -> HttpResponse:
    """Progress or failure; a finished recording's page is its result."""
    found, run = access_recording(recording_id)
    if run.state == RunState.DONE:
        return redirect("reports:result", request.organisation.slug, run.pk)
    recording_opened(found)
    standing.tell([run])
    given_up = run.error_code == runs.ASSIGNMENT_EXPIRED
    code = "cancelled" if run.state == RunState.CANCELLED and not given_up else run.error_code
    context = {
        "recording": found,
        "run": run,
        "waits_until": runs.waits_until(run),
        "analyses": listing.analyses(found),
        "explanation": explain(code, run.error_facts) if run.is_final else None,
        "missing": gate.missing(found) if run.is_final or run.is_held_back else [],
        "subjects": subject_labels(found),
        "form": SubjectLabelForm(initial={"subject": found.subject.label if found.subject else ""}),
    }
    return render(request, "analysis/recording.html", context)


@require_POST
@organisation_view(Action.UPLOAD)
def cancel(request: OrganisationRequest, recording_id: UUID) -> HttpResponseRedirect:
    found, run = access_recording(recording_id)
    if runs.cancel(run.pk):
        messages.success(request, _("The analysis of “%(title)s” was cancelled.") % {"title": found.title})
    return redirect("analysis:recording", request.organisation.slug, found.pk)


@require_POST
@organisation_view(Action.UPLOAD)
def subject(request: OrganisationRequest, recording_id: UUID) -> HttpResponse:
    """Say who is in the recording; what waited for that begins."""
    found, _run = access_recording(recording_id)
    form = SubjectLabelForm(request.POST)
    if form.is_valid():
        name_subject(found, form.cleaned_data["subject"])
        messages.success(
            request, _("“%(subject)s” is in this recording now.") % {"subject": form.cleaned_data["subject"]}
        )
    else:
        messages.error(request, _("Give a label of at most 200 characters: it says who is in the recording."))
    return redirect("analysis:recording", request.organisation.slug, found.pk)


@require_POST
@organisation_view(Action.UPLOAD)
def rerun(request: OrganisationRequest, recording_id: UUID) -> HttpResponseRedirect:
    """With `neutral=marked` the new run is told the same stretch as the last; else the mark is left aside."""
    found, run = access_recording(recording_id)
    marked = run.neutral if request.POST.get("neutral") == "marked" else None
    runs.request(found, request.user, run.media_facts, marked)
    messages.success(request, _("“%(title)s” will be analysed again.") % {"title": found.title})
    return redirect("analysis:recording", request.organisation.slug, found.pk)


@organisation_view(Action.UPLOAD)
def neutral(request: OrganisationRequest, recording_id: UUID) -> HttpResponse:
    """Ask where the speaker is neutral on GET, analyse again from there on POST."""
    found, run = access_recording(recording_id)
    form = NeutralForm(request.POST or None, last=_last(run))
    if not form.is_valid():
        context = {"recording": found, "run": run, "form": form}
        return render(request, "analysis/recording_neutral.html", context, status=400 if form.errors else 200)
    runs.request(found, request.user, run.media_facts, form.stretch())
    messages.success(
        request, _("“%(title)s” will be analysed again from the marked neutral.") % {"title": found.title}
    )
    return redirect("analysis:recording", request.organisation.slug, found.pk)


def _last(run: Run) -> float | None:
    """Timestamp of the last frame; a stream need not start at 0, and no header says where it does."""
    start, seconds = run.media_facts.get("start"), run.media_facts.get("seconds")
    return None if start is None or seconds is None else start + seconds


@organisation_view(Action.DELETE)
def delete(request: OrganisationRequest, recording_id: UUID) -> HttpResponse:
    """Ask on GET, delete on POST."""
    found, run = access_recording(recording_id)
    if request.method != "POST":
        return render(request, "analysis/recording_delete.html", {"recording": found, "run": run})
    erasure.erase_recording(found)
    messages.success(
        request, _("“%(title)s” and everything made from it is being erased.") % {"title": found.title}
    )
    return redirect("analysis:recordings", request.organisation.slug)
