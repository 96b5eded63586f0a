"""What was erased, is being erased, or is held; and its certificates."""

import json
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.access import access_certificate, access_erasure
from accounts.domain.erasure import certificates, showing
from accounts.domain.retention import holds
from accounts.domain.viewing import list_read
from accounts.forms.erasure import CertificateForm
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import ErasedThing, Erasure
from echodepth.client_address import address_of

PAGE = 50


@require_safe
@organisation_view()
def erasures(request: OrganisationRequest) -> HttpResponse:
    """The newest first; `page` is its page."""
    rows = Erasure.objects.select_related("asked_by", "certificate").order_by("-requested_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    list_read("erasures", rows=len(page.object_list))
    return render(request, "accounts/erasures.html", {"page_obj": page})


@require_safe
@organisation_view()
def erasure(request: OrganisationRequest, erasure_id: UUID) -> HttpResponse:
    found = access_erasure(erasure_id)
    gone = ErasedThing.objects.filter(erasure=found).values_list("kind").order_by("kind")
    context = {
        "erasure": found,
        "what": showing.what(found),
        "gone": [(showing.thing(kind), count) for kind, count in gone.annotate(Sum("count"))],
        "holds": holds.blocking(found.kind, found.object_id) if found.state == "held" else [],
    }
    return render(request, "accounts/erasure.html", context)


@require_safe
@organisation_view()
def certificate(request: OrganisationRequest, erasure_id: UUID, form: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The certificate as JSON, which can be verified, or as a PDF to be read."""
    found = access_certificate(erasure_id)
    if form == "pdf":
        from accounts.domain.erasure import readable  # noqa: PLC0415 - it loads the layout engine

        return _file(readable.pdf(found), "application/pdf", f"certificate-{found.pk}.pdf")
    content = json.dumps(certificates.document(found), indent=1).encode()
    return _file(content, "application/json", f"certificate-{found.pk}.json")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def certificates_page(request: HttpRequest) -> HttpResponse:
    """Look at a certificate that somebody was handed; nothing of it is kept."""
    handed_in = request.method == "POST"
    form = CertificateForm(request.POST, request.FILES) if handed_in else CertificateForm()
    context: dict[str, object] = {"form": form}
    if form.is_bound:
        limits.CERTIFICATE.take(limits.network(address_of(request)))
        if form.is_valid():
            told = form.cleaned_data["told"]
            verdict = certificates.verify(told)
            context |= {
                "verdict": verdict,
                "sentence": showing.sentence(verdict),
                "told": showing.told(told, verdict),
            }
    return render(request, "accounts/certificates.html", context, status=400 if form.errors else 200)


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
