"""The reference of the 44 Action Units: all of them with search and a chart of the face, and one each."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.domain.invitations import absolute
from analysis.engine.action_units import AU_COUNT, AU_INDEX, ActionUnit
from reports.domain.site import atlas, face_chart
from reports.domain.site.atlas import Atlas, Entry
from reports.domain.site.unit_page import UnitPage, card_groups
from reports.domain.site.unit_search import LONGEST, search
from reports.views.model import model_page

SYSTEM = "Facial Action Coding System (FACS)"


@require_safe
@login_not_required
def action_units(request: HttpRequest) -> HttpResponse:
    """All of them; those that `?q=` does not find are hidden, so that a script can show them again."""
    book, query = atlas.shipped(), request.GET.get("q", "").strip()[:LONGEST]
    found = frozenset(entry.unit.number for entry in search(book.entries.values(), query))
    context = {
        "atlas": book,
        "chart": face_chart.shipped(),
        "groups": card_groups(book, model_page(), found),
        "query": query,
        "found": len(found),
        "all": AU_COUNT,
        "structured": _set_facts(book),
    }
    return render(request, "site/action_units.html", context)


@require_safe
@login_not_required
def action_unit(request: HttpRequest, number: int) -> HttpResponse:
    """A number with zeros before it leads to the page's one address."""
    if number not in AU_INDEX:
        raise Http404
    address = reverse("action-unit", args=[number])
    if request.path != address:
        return redirect(address, permanent=True)
    book, model = atlas.shipped(), model_page()
    page = UnitPage.of(number, book, model)
    context = {"page": page, "atlas": book, "model": model, "structured": _unit_facts(page.entry)}
    return render(request, "site/action_unit.html", context)


def _set_facts(book: Atlas) -> dict[str, Any]:
    """schema.org: the 44 as a set of defined terms."""
    terms = [_term(entry.unit) for entry in book.entries.values()]
    return _set() | {"hasDefinedTerm": terms}


def _unit_facts(entry: Entry) -> dict[str, Any]:
    """schema.org: one unit, and the set that it is of."""
    more = {
        "description": entry.change,
        "image": absolute(staticfiles_storage.url(entry.strongest)),
        "inDefinedTermSet": _set(),
    }
    return _term(entry.unit) | more


def _term(unit: ActionUnit) -> dict[str, Any]:
    return {
        "@type": "DefinedTerm",
        "name": unit.name,
        "termCode": f"AU{unit.number}",
        "url": absolute(reverse("action-unit", args=[unit.number])),
    }


def _set() -> dict[str, Any]:
    return {
        "@type": "DefinedTermSet",
        "name": f"The {AU_COUNT} Action Units of the {SYSTEM}",
        "url": absolute(reverse("action-units")),
    }
