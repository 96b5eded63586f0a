"""What is particular to the regions that a project may be declared for."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.domain.lawful.particulars import particulars
from accounts.domain.lawful.table import VERSION


@require_safe
@login_not_required
def regions(request: HttpRequest) -> HttpResponse:
    """For everybody: there is nothing of an organisation on it."""
    return render(request, "accounts/particulars.html", {"regions": particulars(), "version": VERSION})
