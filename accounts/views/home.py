from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.http import SignedInRequest
from accounts.places import Place, open_places


def home(request: SignedInRequest) -> HttpResponse:
    """To where the one organisation begins; the chooser where there are several, or none."""
    found = open_places(request)
    if len(found) == 1:
        return redirect(found[0].front_page)
    return _chooser(request, found)


def organisations(request: SignedInRequest) -> HttpResponse:
    return _chooser(request, open_places(request))


def _chooser(request: SignedInRequest, found: list[Place]) -> HttpResponse:
    if request.user.is_staff and not found:
        return redirect("platform" if request.user.opens_sessions else "desk")
    return render(request, "accounts/organisations.html", {"places": found})
