"""The prospect's own pages: no account, no name in the address, the link alone opens them.

The address is a secret, as that of a consent is (`accounts.secret_pages`): no page here links elsewhere,
nothing writes it down. The delivered report wants a code besides, which is mailed.
"""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from accounts.access import access_certificate
from accounts.domain.erasure import certificates
from accounts.enums import ErasureState
from accounts.models import Certificate, Erasure, User
from accounts.secret_pages import secret_page
from echodepth.errors import UserError
from reports.domain.exports import export_link
from reports.domain.samples import actions, asking, ending, links, opening, receiving, stages, told
from reports.enums import SampleStage, SampleState
from reports.models import SampleRequest
from reports.views.sample_upload import uploader_context

OPENED = "sample_opened"
"""Key of the session: the request whose report a code has opened here, and when."""
OPEN_FOR = timedelta(hours=12)

STEPS = (
    gettext_lazy("Received"),
    gettext_lazy("In analysis"),
    gettext_lazy("In review"),
    gettext_lazy("Ready"),
)
_STEP_OF = {SampleStage.IN_REVIEW: 2, SampleStage.TO_DELIVER: 2}


sample_page = secret_page(limits.SAMPLE_LINK, links.find)


@require_safe
@sample_page
def visit(request: HttpRequest, token: str, sample: SampleRequest) -> HttpResponse:
    """Where the request stands, and what can be done about it."""
    receiving.settle(sample)
    return _page(request, token, sample)


@require_POST
@sample_page
def confirm(request: HttpRequest, token: str, sample: SampleRequest) -> HttpResponse:
    """Who pressed the button has read the mail, which a scanner that opens links has not."""
    _refuse_desk(request)
    if sample.state == SampleState.UNCONFIRMED:
        asking.confirm(sample)
        messages.success(request, _("Thank you. Your e-mail address is confirmed."))
    return redirect("sample-visit", token)


@require_POST
@sample_page
def answer(request: HttpRequest, token: str, sample: SampleRequest) -> HttpResponse:
    """What the prospect says to the desk's question; what is wrong with it is told on the page."""
    _refuse_desk(request)
    try:
        actions.answer(sample, request.POST.get("answer", ""))
    except UserError as refusal:
        return _page(request, token, sample, refusal=refusal)
    messages.success(request, _("Thank you. Your answer has come in, and we go on."))
    return redirect("sample-visit", token)


@require_http_methods(["GET", "HEAD", "POST"])
@sample_page
def withdraw(request: HttpRequest, token: str, sample: SampleRequest) -> HttpResponse:
    """Says what it does; POST withdraws and erases, at any time and without reasons."""
    if _is_gone(sample):
        return redirect("sample-visit", token)
    if request.method == "POST":
        actions.withdraw(sample)
        return redirect("sample-visit", token)
    return render(request, "reports/sample/withdraw.html", {"token": token, "sample": sample})


@require_safe
@sample_page
def copy(request: HttpRequest, token: str, sample: SampleRequest) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """All that the prospect told us, as a plain text file to keep."""
    response = HttpResponse(told.written(sample), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sample-analysis.txt"'
    return response


@require_safe
@sample_page
def certificate(request: HttpRequest, token: str, sample: SampleRequest) -> HttpResponse:  # noqa: ARG001
    """The certificate of the erasure, which can be verified; `form=pdf` gives it to be read."""
    if sample.erasure is None:
        raise Http404
    found = access_certificate(sample.erasure)
    if request.GET.get("form") == "pdf":
        from accounts.domain.erasure import readable  # noqa: PLC0415 - it loads the layout engine

        return _file(readable.pdf(found), "application/pdf", f"certificate-{found.pk}.pdf")
    content = json.dumps(certificates.document(found), indent=1).encode()
    return _file(content, "application/json", f"certificate-{found.pk}.json")


@require_POST
@sample_page
def send_code(request: HttpRequest, token: str, sample: SampleRequest) -> HttpResponse:
    """Mail a code to the address that asked."""
    try:
        opening.send_code(sample)
    except OSError:
        messages.error(request, _("The mail could not be sent. Try again in a few minutes."))
    else:
        messages.success(request, _("A code is on its way to your e-mail address."))
    return redirect("sample-visit", token)


@require_POST
@sample_page
def open_report(request: HttpRequest, token: str, sample: SampleRequest) -> HttpResponse:
    """Try the code; then the report is open in this browser for a while."""
    try:
        opening.open(sample, request.POST.get("code", ""))
    except UserError as refusal:
        return _page(request, token, sample, refusal=refusal)
    request.session[OPENED] = [str(sample.pk), timezone.now().timestamp()]
    return redirect("sample-visit", token)


@require_safe
@sample_page
def report(request: HttpRequest, token: str, sample: SampleRequest) -> HttpResponse:
    """To the signed PDF, for whom a code has opened it."""
    opening.refuse_over(sample)
    run = opening.signed_run(sample)
    if not _is_open(request, sample):
        return redirect("sample-visit", token)
    if run is None:
        raise Http404
    return redirect(export_link(run, "pdf"))


def _refuse_desk(request: HttpRequest) -> None:
    """Nobody at the desk speaks in the prospect's place by a link that they made, without meaning to.

    Who signs out is a stranger here. Raises UserError `desk_answers`.
    """
    if isinstance(request.user, User) and request.user.works_at_desk:
        sentence = _(
            "You are signed in as somebody of the sales desk. The prospect confirms and answers at this link "
            "themselves."
        )
        raise UserError("desk_answers", sentence, status=403)


def _is_open(request: HttpRequest, sample: SampleRequest) -> bool:
    key, when = request.session.get(OPENED) or ("", 0)
    fresh = timezone.now().timestamp() - when < OPEN_FOR.total_seconds()
    return key == str(sample.pk) and fresh and not opening.is_over(sample)


def _is_gone(sample: SampleRequest) -> bool:
    """Whether it is being erased, or was."""
    return bool(sample.erasure or sample.erased_at or sample.state == SampleState.WITHDRAWN)


def _page(
    request: HttpRequest, token: str, sample: SampleRequest, refusal: UserError | None = None
) -> HttpResponse:
    """The one page, whatever the situation; a refusal is told beside its form."""
    context: dict[str, Any] = {
        "token": token,
        "sample": sample,
        "situation": _situation(sample),
        "steps": _steps(sample),
        "by_hand": sample.document_id is not None,
        "is_open": _is_open(request, sample),
        "can_open": not opening.is_over(sample),
        "code_sent": bool(sample.code_hash and sample.code_until and sample.code_until > timezone.now()),
        "certificate": _certificate(sample.erasure),
        "is_held": _is_held(sample.erasure),
        "refusal": refusal,
        "answer_days": ending.FILE_DAYS,
        "typed": request.POST.get("answer", ""),
    }
    if context["situation"] == SampleState.UNCONFIRMED:
        context["agreement"] = asking.agreement(sample)
    if receiving.takes_a_file(sample):
        context |= uploader_context(request, sample, reverse("sample-visit", args=[token]))
    return render(request, "reports/sample/visit.html", context, status=refusal.status if refusal else 200)


def _situation(sample: SampleRequest) -> str:
    """What the page is about: a state, or `erased`, `erasing`, `over` beside them."""
    if sample.erased_at:
        return "erased"
    if _is_gone(sample):
        return "erasing"
    if sample.state == SampleState.DELIVERED and opening.is_over(sample):
        return "over"
    return str(sample.state)


def _steps(sample: SampleRequest) -> list[tuple[str, str]]:
    """Each of `STEPS` with `done`, `current` or `coming`; none where it is not under way."""
    if sample.state == SampleState.DELIVERED:
        at = 3
    elif sample.state in {SampleState.RECEIVED, SampleState.ASKED}:
        stage = stages.beneath(sample)
        if stage == SampleStage.FILE_GONE:
            return []
        at = _STEP_OF.get(stage, 1) if stage else 1
    else:
        return []
    return [
        (str(name), "done" if number < at else "current" if number == at else "coming")
        for number, name in enumerate(STEPS)
    ]


def _certificate(erasure_id: UUID | None) -> bool:
    return erasure_id is not None and Certificate.objects.filter(erasure=erasure_id).exists()


def _is_held(erasure_id: UUID | None) -> bool:
    """Whether a legal hold keeps the erasure from its end."""
    held = Erasure.objects.filter(state=ErasureState.HELD)
    return erasure_id is not None and held.filter(pk=erasure_id).exists()


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
