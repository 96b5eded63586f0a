"""What crawlers ask for: which pages there are, and which are nobody's but their readers'."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.domain.invitations import absolute
from analysis.engine.action_units import ACTION_UNITS
from reports.domain.samples import links
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
CLOSED: Mapping[str, tuple[str, ...]] = {
    "account": (),
    "api:schema": (),
    "desk": (),
    "invitation": ("-",),
    "members": ("-",),
    "organisations": (),
    "outbox": (),
    "part": ("-",),
    "platform": (),
    "sso-start": (),
}
"""Pages that lead to sign-in or hold a secret, with what stands in their address: all that begins as they do
is closed. Those that send `noindex` are not among them: a crawler that may not come would never read it."""


@require_safe
@login_not_required
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a page's signature
    lines = ["User-agent: *", *(f"Disallow: {beginning}" for beginning in closed())]
    text = "\n".join([*lines, f"Sitemap: {absolute(reverse('sitemap'))}", ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def closed() -> tuple[str, ...]:
    """Beginnings of addresses, as `/account/`."""
    return tuple(f"/{reverse(name, args=told).split('/')[1]}/" for name, told in CLOSED.items())


@require_safe
@login_not_required
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page for everybody, each in its languages."""
    content = {"entries": list(_entries())}
    return render(request, "site/sitemap.xml", content, content_type="application/xml")


def _entries() -> Iterable[tuple[str, list[Alternate]]]:
    for name in _pages():
        path = reverse(name)
        others = alternates_of(path)
        yield from ((one.url, others) for one in others if one.name)
        if not others:
            yield absolute(path), []
    for unit in ACTION_UNITS:
        yield absolute(reverse("action-unit", args=[unit.number])), []


def _pages() -> list[str]:
    """Without the form for samples where none are taken."""
    is_open = links.takes_samples()
    return [name for name in PAGES if name != "sample" or is_open]
