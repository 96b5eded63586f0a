"""Human review: the drafts that wait for it, and signing one or sending it back."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.domain.viewing import list_read
from accounts.http import OrganisationRequest, organisation_view
from accounts.permissions import Action
from analysis.models import Run
from reports.access import access_result
from reports.domain import requests as rendering
from reports.domain import reviews as reviewing
from reports.enums import ReviewState
from reports.forms import ReviewForm
from reports.models import Report

PAGE = 25


@require_safe
@organisation_view()
def reviews(request: OrganisationRequest) -> HttpResponse:
    """Reports by what they are: first the drafts that wait for review."""
    asked = request.GET.get("state", "")
    state = ReviewState(asked) if asked in ReviewState else ReviewState.DRAFT
    page = Paginator(reviewing.reports(state), PAGE).get_page(request.GET.get("page"))
    list_read("reviews", rows=len(page))
    context = {"page_obj": page, "state": state, "states": ReviewState.choices}
    return render(request, "reports/reviews.html", context)


@organisation_view(Action.REVIEW)
def review(request: OrganisationRequest, run_id: UUID) -> HttpResponse:
    """Sign the draft, or send it back; asks again where the form is not filled in."""
    run, report = access_result(run_id)
    if report is None:
        raise Http404
    form = ReviewForm(request.POST) if request.method == "POST" else review_form(request, report)
    if form is None:
        return _to_result(request, run)
    if form.is_valid():
        act = reviewing.sign if form.signs else reviewing.send_back
        act(report, request.user, form.reading)
        messages.success(request, _told(form))
        return _to_result(request, run)
    context = {"run": run, "recording": run.recording, "report": report, "form": form}
    return render(request, "reports/review.html", context)


@require_POST
@organisation_view(Action.REVIEW)
def render_again(request: OrganisationRequest, run_id: UUID) -> HttpResponse:
    """Have a signed report's PDF made once more, where that failed."""
    run, report = access_result(run_id)
    if report is None or not (report.is_failed and reviewing.is_signed(report)):
        raise Http404
    rendering.request_again(report)
    return _to_result(request, run)


def review_form(request: OrganisationRequest, report: Report | None) -> ReviewForm | None:
    """The form with which this person may review the report; None where there is nothing to review."""
    if report is None or not report.is_ready or reviewing.is_signed(report) or not request.can.review:
        return None
    return ReviewForm(initial={"name": request.user.full_name, "draft": report.sha256})


def _told(form: ReviewForm) -> str:
    if form.signs:
        return _("The report is signed. Its PDF is being written anew with the signature.")
    return _("The draft is sent back.")


def _to_result(request: OrganisationRequest, run: Run) -> HttpResponse:
    address = reverse("reports:result", args=[request.organisation.slug, run.pk])
    return redirect(f"{address}#review")
