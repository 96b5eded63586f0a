"""Asking for a free sample analysis: the public form, and what follows it.

For everybody; no cookie is set but the session's own and its protection against forged forms.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.domain.consent import texts
from accounts.enums import TextKind
from accounts.models import Organisation
from echodepth.client_address import address_of
from echodepth.tenancy import tenant
from reports.domain.samples import asking, links
from reports.domain.samples.ending import KEPT_DAYS
from reports.domain.samples.receiving import MOST_BYTES, MOST_SECONDS
from reports.domain.samples.working_days import PROMISED
from reports.enums import SampleState
from reports.models import SampleRequest
from reports.sample_forms import SampleForm
from reports.views.sample_upload import SESSION, remember, remembered, uploader_context

logger = logging.getLogger(__name__)

OFFER: Final[Mapping[str, int]] = {
    "days": PROMISED,
    "minutes": MOST_SECONDS // 60,
    "gigabytes": MOST_BYTES // 10**9,
    "kept_days": KEPT_DAYS,
}
"""What the pages promise, in working days, minutes, gigabytes and days."""


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
        "offer": OFFER,
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
        closed = found is None and SESSION in request.session
        context = {"sample": found, "closed": closed, "offer": OFFER}
        return render(request, "reports/sample/sent.html", context)
    if request.method == "POST":
        links.count_mail(found.email)
        _send(request, found, partial(links.send_again, found))
        return redirect("sample-sent")
    uploader = uploader_context(request, found, reverse("sample-sent"))
    told = {"sample": found, "until": links.confirmed_until(found), "offer": OFFER}
    return render(request, "reports/sample/sent.html", uploader | told)


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
