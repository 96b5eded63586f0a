"""The page of the cultural cohorts that can be declared, with what is known of each."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.engine.findings import cohorts as engine
from analysis.engine.findings.expressivity import LEAST_PEOPLE
from reports.domain.cohort_page import shipped
from reports.domain.questions import CohortCounts


@require_safe
@login_not_required
def cohorts(request: HttpRequest) -> HttpResponse:
    """For everybody: there is nothing of an organisation on it."""
    context = {
        "page": shipped(),
        "counts": CohortCounts.of(engine.shipped()),
        "groups": engine.GROUPS,
        "least_people": LEAST_PEOPLE,
    }
    return render(request, "reports/cohorts.html", context)
