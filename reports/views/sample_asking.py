"""Asking for a free sample analysis: the public form, what follows it, and a report to look at.

For everybody; no cookie is set but the session's own and its protection against forged forms.
"""

import logging
from collections.abc import Callable
from functools import partial, wraps
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.domain.consent import texts
from accounts.enums import TextKind
from accounts.models import Organisation
from echodepth.client_address import address_of
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.samples import asking, links
from reports.domain.samples import example as examples
from reports.enums import SampleState
from reports.models import SampleRequest
from reports.sample_forms import SampleForm
from reports.views.sample_upload import SESSION, remember, remembered, uploader_context

logger = logging.getLogger(__name__)

PDF_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""A browser shows it by its own viewer, which a sandbox would keep away."""


def at_desk(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Decorate a page for everybody that runs in the desk's scope and time zone.

    Where no desk was set up it raises UserError `no_desk`, which is a calm page.
    """

    @login_not_required
    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponseBase:
        with tenant(links.desk()):
            zone = ZoneInfo(Organisation.objects.get(is_desk=True).time_zone)
            with timezone.override(zone):
                return view(request)

    return inner


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def sample(request: HttpRequest) -> HttpResponse:
    """What one gets, and the form. What is refused is told there, and nothing of it is kept."""
    form = SampleForm(request.POST or None)
    if request.method == "POST" and (form.is_trapped or form.is_valid()):
        limits.SAMPLE_ASK.take(limits.network(address_of(request)))
        request.session.pop(SESSION, None)
        if not form.is_trapped:
            _ask(request, form)
        return redirect("sample-sent")
    context = {
        "form": form,
        "notice": texts.current(TextKind.NOTICE).order_by("published_at").last(),
        "consent": texts.current(TextKind.CONSENT).order_by("published_at").last(),
    }
    return render(request, "reports/sample/ask.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def sent(request: HttpRequest) -> HttpResponse:
    """Look at your mail, and meanwhile send the file; POST mails another link."""
    found = remembered(request)
    if found is None or found.state != SampleState.UNCONFIRMED:
        context = {"sample": found, "closed": found is None and SESSION in request.session}
        return render(request, "reports/sample/sent.html", context)
    if request.method == "POST":
        links.count_mail(found.email)
        _send(request, found, partial(links.send_again, found))
        return redirect("sample-sent")
    context = uploader_context(request, found, reverse("sample-sent"))
    until = links.confirmed_until(found)
    return render(request, "reports/sample/sent.html", {**context, "sample": found, "until": until})


@require_safe
@at_desk
def example(request: HttpRequest) -> HttpResponse:
    """What is in a report, with one to open."""
    context = {"example": examples.example(), "chapters": examples.CHAPTERS}
    return render(request, "reports/sample/example.html", context)


@require_safe
@at_desk
def example_pdf(request: HttpRequest) -> FileResponse:  # noqa: ARG001 - a page's signature
    """The report itself, in the browser."""
    found = examples.example()
    if found is None:
        raise _being_made()
    try:
        content = default_storage.open(found.file.key)
    except FileNotFoundError:
        raise _being_made() from None
    return FileResponse(
        content, filename=found.file.name, content_type="application/pdf", headers=PDF_HEADERS
    )


def _ask(request: HttpRequest, form: SampleForm) -> None:
    made, secret = asking.ask(form.wanted())
    remember(request, made)
    _send(request, made, partial(links.send_confirmation, made, secret))


def _send(request: HttpRequest, found: SampleRequest, send: Callable[[], None]) -> None:
    """Mail the link; what was asked for is kept where the mail server does not take it."""
    try:
        send()
    except OSError:
        logger.exception("sample=%s: the mail with the link was not taken", found.pk)
        messages.error(request, _("The mail could not be sent just now. Send it again in a few minutes."))


def _being_made() -> UserError:
    sentence = _("The sample report is being made. Look again in a few minutes.")
    return UserError("file_not_there", sentence, status=404, heading=_("Not there yet"))
