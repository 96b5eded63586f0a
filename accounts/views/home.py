from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import SignedInRequest
from accounts.models import Membership


def _places(request: SignedInRequest) -> list[Membership]:
    return list(
        Membership.objects.filter(user=request.user)
        .select_related("organisation")
        .order_by("organisation__name")
    )


def home(request: SignedInRequest) -> HttpResponse:
    """To the one organisation's recordings; the chooser where there are several, or none."""
    places = _places(request)
    if len(places) == 1:
        return redirect(reverse("analysis:recordings", args=[places[0].organisation.slug]))
    return _chooser(request, places)


def organisations(request: SignedInRequest) -> HttpResponse:
    return _chooser(request, _places(request))


def _chooser(request: SignedInRequest, places: list[Membership]) -> HttpResponse:
    if request.user.is_platform_admin and not places:
        return render(request, "accounts/platform.html")
    return render(request, "accounts/organisations.html", {"places": places})
