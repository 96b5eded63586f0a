"""The desk's queue, its export and its figures."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.audit_actions import AuditAction
from accounts.desk_http import desk_view
from accounts.domain import audit
from accounts.domain.viewing import list_read
from accounts.http import OrganisationRequest
from accounts.permissions import Action
from reports.desk_forms import QueueForm
from reports.domain.samples import exports, listing, stages
from reports.domain.samples import figures as counting
from reports.domain.samples.charts import drawn

PAGE = 50


@require_safe
@desk_view()
def queue(request: OrganisationRequest) -> HttpResponse:
    """What is to be done, the next due on top."""
    form = _form(request)
    filters = form.filters()
    found = listing.queue(filters, request.user, request.organisation)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    listed = listing.rows(page, stages.today(request.organisation))
    list_read("samples", rows=len(listed))
    context = {
        "form": form,
        "page_obj": page,
        "rows": listed,
        "counts": listing.counts(request.organisation),
        "filtered": not filters.is_empty,
        "query": _query(request),
    }
    return render(request, "reports/desk/queue.html", context)


@require_safe
@desk_view(Action.EXPORT)
def export(request: OrganisationRequest) -> HttpResponse:
    """What the queue's filters find, as a table for a spreadsheet."""
    found = listing.queue(_form(request).filters(), request.user, request.organisation)
    text, count = exports.table(found)
    audit.record(AuditAction.LIST_READ, None, list="samples", rows=count, form="csv")
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    day = stages.today(request.organisation)
    answer["Content-Disposition"] = f'attachment; filename="samples-{day:%Y-%m-%d}.csv"'
    return answer


@require_safe
@desk_view()
def figures(request: OrganisationRequest) -> HttpResponse:
    """How the desk does, week by week."""
    weeks = counting.by_week(request.organisation)
    context = {"weeks": weeks, "total": counting.total(weeks), "chart": drawn(weeks)}
    return render(request, "reports/desk/figures.html", context)


def _form(request: OrganisationRequest) -> QueueForm:
    return QueueForm(request.GET, people=listing.people(), tags=listing.tags())


def _query(request: OrganisationRequest) -> str:
    """The filters as a part of an address, for the export."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
