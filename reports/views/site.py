"""The home page, and how a recording becomes a report."""

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.home import home as own_start
from reports.domain.questions import Questions
from reports.domain.site import specimen
from reports.domain.site.home import Home
from reports.domain.site.how import How
from reports.views.model import model_page

if TYPE_CHECKING:
    from accounts.http import SignedInRequest


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What the product is; who is signed in is led to their own work instead."""
    if request.user.is_authenticated:
        return own_start(cast("SignedInRequest", request))
    page, shown = model_page(), specimen.shipped()
    told = {"page": page, "questions": Questions.shipped(page), "specimen": shown, "home": Home.shipped()}
    return render(request, "site/home.html", told)


@require_safe
@login_not_required
def how_it_works(request: HttpRequest) -> HttpResponse:
    page = model_page()
    told = {"page": page, "questions": Questions.shipped(page), "how": How.shipped()}
    return render(request, "site/how_it_works.html", told)
