"""Legal holds: who placed them, why, until when; placing and releasing."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access_hold
from accounts.domain.retention import holds, lineage
from accounts.domain.viewing import list_read
from accounts.forms.retention import HoldForm
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import LegalHold
from accounts.permissions import Action

keeper_view = organisation_view(Action.MANAGE_RETENTION)
ENDED = 50
"""Most of those that are over that are listed."""


@dataclass(frozen=True, slots=True)
class Held:
    hold: LegalHold
    shown: lineage.Shown | None


@require_safe
@organisation_view()
def legal_holds(request: OrganisationRequest) -> HttpResponse:
    """Those in force, and below them the latest that are over."""
    people = LegalHold.objects.select_related("placed_by", "released_by")
    now = list(holds.in_force().select_related("placed_by"))
    over = list(people.exclude(pk__in=[hold.pk for hold in now])[:ENDED])
    list_read("holds", rows=len(now) + len(over))
    context = {"in_force": _shown(now), "over": _shown(over)}
    return render(request, "accounts/holds.html", context)


@keeper_view
def hold_place(request: OrganisationRequest, held: str, object_id: UUID) -> HttpResponse:
    shown = lineage.describe([(held, object_id)]).get((held, object_id))
    if held not in holds.KINDS or shown is None:
        raise Http404
    form = HoldForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        holds.place(held, object_id, told["reason"], told["until"], request.user)
        messages.success(request, _("It is held: nothing of it is erased until the hold ends."))
        return redirect("holds", request.organisation.slug)
    context = {"form": form, "shown": shown, "kind": held}
    return render(request, "accounts/hold_form.html", context)


@require_POST
@keeper_view
def hold_release(request: OrganisationRequest, hold_id: UUID) -> HttpResponse:
    holds.release(access_hold(hold_id), request.user)
    messages.success(request, _("The hold was released. What is due is erased from now on."))
    return redirect("holds", request.organisation.slug)


def _shown(found: list[LegalHold]) -> list[Held]:
    described = lineage.describe([(hold.kind, hold.object_id) for hold in found])
    return [Held(hold, described.get((hold.kind, hold.object_id))) for hold in found]
