"""What crawlers ask for: which pages there are, and which are nobody's but their readers'."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.domain.invitations import absolute
from analysis.engine.action_units import ACTION_UNITS
from reports.domain.site.languages import Alternate, alternates_of

PAGES = (
    "home",
    "science",
    "how-it-works",
    "action-units",
    "cohorts",
    "data-protection",
    "questions",
    "faq",
    "model",
    "sample",
    "sample-example",
)
"""In the order in which one would read them."""
CLOSED = ("/account/", "/api/", "/consent/", "/desk/", "/i/", "/o/", "/outbox/", "/parts/", "/platform/")
"""Beginnings of addresses that lead to sign-in, or hold a secret."""


@require_safe
@login_not_required
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a page's signature
    lines = ["User-agent: *", *(f"Disallow: {beginning}" for beginning in CLOSED)]
    text = "\n".join([*lines, f"Sitemap: {absolute(reverse('sitemap'))}", ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page for everybody, each in its languages."""
    content = {"entries": list(_entries())}
    return render(request, "site/sitemap.xml", content, content_type="application/xml")


def _entries() -> Iterable[tuple[str, list[Alternate]]]:
    for name in PAGES:
        path = reverse(name)
        others = alternates_of(path)
        yield from ((one.url, others) for one in others if one.name)
        if not others:
            yield absolute(path), []
    for unit in ACTION_UNITS:
        yield absolute(reverse("action-unit", args=[unit.number])), []
