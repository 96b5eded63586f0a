"""The reference of the 44 Action Units: all of them with search and a chart of the face, and one each."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.engine.action_units import ACTION_UNITS, AU_INDEX


@require_safe
@login_not_required
def action_units(request: HttpRequest) -> HttpResponse:
    return render(request, "site/action_units.html", {"units": ACTION_UNITS})


@require_safe
@login_not_required
def action_unit(request: HttpRequest, number: int) -> HttpResponse:
    if number not in AU_INDEX:
        raise Http404
    return render(request, "site/action_unit.html", {"unit": ACTION_UNITS[AU_INDEX[number]]})
