"""The page of the Action Unit model that is shipped: what it was made of, and how well it was measured."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from analysis.engine.errors import ModelMismatchError, ModelsMissingError
from echodepth.errors import UserError
from reports.domain.model_page import ModelPage, shipped
from reports.domain.questions import Questions


@require_safe
@login_not_required
def model(request: HttpRequest) -> HttpResponse:
    """For everybody: there is nothing of an organisation on it."""
    page = model_page()
    return render(request, "reports/model.html", {"page": page, "questions": Questions.shipped(page)})


def model_page() -> ModelPage:
    """The shipped model's card; UserError where there is none."""
    try:
        return shipped()
    except (ModelsMissingError, ModelMismatchError) as error:
        raise UserError(
            "model_missing",
            _("The Action Unit model of this installation is not there, or is not what its card says."),
            404,
        ) from error
