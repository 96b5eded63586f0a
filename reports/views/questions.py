"""The page that answers the five questions with this installation's own figures."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.domain.questions import Questions
from reports.views.model import model_page


@require_safe
@login_not_required
def questions(request: HttpRequest) -> HttpResponse:
    """For everybody: there is nothing of an organisation on it."""
    page = model_page()
    return render(request, "reports/questions.html", {"page": page, "questions": Questions.shipped(page)})
