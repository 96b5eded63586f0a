"""The audit trail as the organisation reads, searches, exports and checks it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.domain import audit_search
from accounts.domain.audit_check import MOST_CHECKED, check, state
from accounts.domain.audit_export import CONTENT_TYPES, export
from accounts.domain.audit_lines import lines
from accounts.domain.viewing import list_read
from accounts.forms.audit import AuditForm
from accounts.http import OrganisationRequest, organisation_view
from accounts.permissions import Action

auditor_view = organisation_view(Action.VIEW_AUDIT)


@require_safe
@auditor_view
def audit(request: OrganisationRequest) -> HttpResponse:
    """Records, newest first, by `before=<number>` and `after=<number>` to the pages beside it."""
    form = AuditForm(request.GET)
    form.is_valid()
    filters = form.filters()
    page = audit_search.page(
        audit_search.search(filters), _number(request, "before"), _number(request, "after")
    )
    context = {
        "form": form,
        "page": page,
        "lines": lines(page.records, request.organisation.slug),
        "filtered": not filters.is_empty,
        "query": _query(request),
        "state": state(),
        "most_checked": MOST_CHECKED,
    }
    list_read("audit", rows=len(page.records))
    return render(request, "accounts/audit.html", context, status=400 if form.errors else 200)


@require_safe
@auditor_view
def audit_export(request: OrganisationRequest, kind: str) -> FileResponse:
    """What the page's filters find, as a file."""
    if kind not in CONTENT_TYPES:
        raise Http404
    if not request.can.may(Action.EXPORT):
        raise PermissionDenied
    form = AuditForm(request.GET)
    form.is_valid()
    name = f"audit-{request.organisation.slug}-{timezone.localdate():%Y-%m-%d}.{kind}"
    content = export(form.filters(), kind)
    return FileResponse(content, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


@require_POST
@auditor_view
def audit_check(request: OrganisationRequest) -> HttpResponse:
    """Prove the whole trail now; what is wrong stands on a page of its own."""
    proof = check()
    if proof.holds:
        messages.success(
            request, _("The audit trail holds: no record was altered, removed, inserted or moved.")
        )
        return redirect("audit", request.organisation.slug)
    return render(request, "accounts/audit_broken.html", {"proof": proof})


def _number(request: OrganisationRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _query(request: OrganisationRequest) -> str:
    """The filters as a part of an address, for the exports."""
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    return query.urlencode()
