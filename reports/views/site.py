"""The home page, and how a recording becomes a report."""

import logging
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.views.home import home as own_start
from echodepth.errors import UserError
from reports.domain.questions import Questions
from reports.domain.site import specimen
from reports.domain.site.home import Home
from reports.domain.site.how import How
from reports.views.model import model_page

if TYPE_CHECKING:
    from accounts.http import SignedInRequest

logger = logging.getLogger(__name__)


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What the product is; who is signed in is led to their own work instead.

    Where the model's card, the specimen or the atlas is not there, the door still opens: to sign-in.
    """
    if request.user.is_authenticated:
        return own_start(cast("SignedInRequest", request))
    try:
        told = _front()
    except UserError as error:
        logger.warning("there is no home page here: %s", error.code)
        return redirect("account_login")
    return render(request, "site/home.html", told)


def _front() -> dict[str, Any]:
    """What the home page shows. Raises UserError where the installation lacks a part of it."""
    page, shown = model_page(), specimen.shipped()
    return {"page": page, "questions": Questions.shipped(page), "specimen": shown, "home": Home.shipped()}


@require_safe
@login_not_required
def how_it_works(request: HttpRequest) -> HttpResponse:
    page = model_page()
    told = {"page": page, "questions": Questions.shipped(page), "how": How.shipped()}
    return render(request, "site/how_it_works.html", told)
