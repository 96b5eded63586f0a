"""The sample report, to leaf through and to open whole; of a rendered person, so for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from reports.domain.site import specimen

PDF_NAME = "echodepth-sample-report.pdf"
PDF_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""A browser shows it by its own viewer, which a sandbox would keep away."""


@require_safe
@login_not_required
def example(request: HttpRequest) -> HttpResponse:
    """One page of the report at a time: `?page=3`; what is no page of it is answered with the nearest."""
    found = specimen.shipped()
    context = {
        "specimen": found,
        "leaf": Paginator(found.pages, 1).get_page(request.GET.get("page")),
        "chapters": [(title, words, found.page_of(title)) for title, words in specimen.CHAPTERS],
    }
    return render(request, "site/specimen.html", context)


def _etag(_request: HttpRequest) -> str:
    return f'"{specimen.report_sha256()}"'


@require_safe
@login_not_required
@condition(etag_func=_etag)
def example_pdf(request: HttpRequest) -> FileResponse:  # noqa: ARG001 - a page's signature
    """The whole report, in the browser; one that has it already is told so."""
    return FileResponse(
        specimen.report(), filename=PDF_NAME, content_type="application/pdf", headers=PDF_HEADERS
    )
