"""The page of the cultural cohorts that can be declared, with what is known of each."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.domain.cohort_page import shipped


@require_safe
@login_not_required
def cohorts(request: HttpRequest) -> HttpResponse:
    """For everybody: there is nothing of an organisation on it."""
    return render(request, "reports/cohorts.html", {"page": shipped()})
