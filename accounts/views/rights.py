"""What people in recordings ask for by right: tracked, answered, copied, erased."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import access_rights_request
from accounts.domain.rights import answers, copies, corrections, requests
from accounts.domain.viewing import list_read
from accounts.enums import RightsKind, RightsState
from accounts.forms.rights import LATER, AnswerForm, CopyForm, CorrectionForm, RequestForm
from accounts.http import OrganisationRequest, organisation_view, recently_authenticated
from accounts.models import RightsRequest
from accounts.permissions import Action
from echodepth.errors import UserError

PAGE = 50
SOON = timedelta(days=7)
handler_view = organisation_view(Action.HANDLE_RIGHTS)


@handler_view
def rights(request: OrganisationRequest) -> HttpResponse:
    """Every request, the next due on top."""
    page = Paginator(requests.tracked(), PAGE).get_page(request.GET.get("page"))
    list_read("rights", rows=len(page))
    today = timezone.localdate()
    context = {"page_obj": page, "today": today, "soon": today + SOON}
    return render(request, "accounts/rights/list.html", context)


@handler_view
def rights_new(request: OrganisationRequest) -> HttpResponse:
    """Enter what somebody asked a member for."""
    first = {"received_on": timezone.localdate(), "project": request.GET.get("project")}
    form = RequestForm(request.POST or None, initial=first)
    if form.is_valid() and form.subject:
        kind, words = RightsKind(form.cleaned_data["kind"]), form.cleaned_data["words"]
        made = requests.receive(
            form.subject,
            kind,
            words,
            by_subject=False,
            entered_by=request.user,
            received_at=form.received_at(),
        )
        messages.success(request, _("The request was entered."))
        return _back(request, made)
    return render(request, "accounts/rights/new.html", {"form": form})


@handler_view
def rights_request(request: OrganisationRequest, request_id: UUID) -> HttpResponse:
    """One request: what was asked, what can be done, and the answer."""
    found = access_rights_request(request_id)
    form = AnswerForm(request.POST or None, kind=found.kind, later=requests.latest(found))
    if form.is_valid():
        try:
            _answer(request, found, form.cleaned_data["outcome"], form.cleaned_data["words"])
        except UserError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("The answer was kept."))
            return _back(request, found)
    return _page(request, found, form)


def _answer(request: OrganisationRequest, found: RightsRequest, outcome: str, words: str) -> None:
    if outcome == LATER:
        answers.prolong(found, request.user, words)
    elif outcome == RightsState.DONE:
        answers.settle(found, request.user, words)
    else:
        answers.decline(found, request.user, words)


def _page(request: OrganisationRequest, found: RightsRequest, form: AnswerForm) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "asked": found,
        "form": form,
        "copy_form": CopyForm(),
        "erasure": answers.erasure_of(found),
        "rule": requests.deadline(requests.region_of(found.subject) if found.subject else ""),
        "today": today,
        "soon": today + SOON,
    }
    if found.kind == RightsKind.CORRECTION and found.subject and requests.is_open(found):
        context["correction_form"] = CorrectionForm(labels=corrections.labels(found.subject))
    return render(request, "accounts/rights/request.html", context)


@require_POST
@handler_view
def rights_copy(request: OrganisationRequest, request_id: UUID) -> HttpResponse:
    """Have the copy made, or made anew."""
    found = access_rights_request(request_id)
    form = CopyForm(request.POST)
    copies.ask(found, with_media=form.is_valid() and form.cleaned_data["with_media"])
    messages.success(request, _("The copy is being made. It can be downloaded here when it is ready."))
    return _back(request, found)


@handler_view
def rights_download(_request: OrganisationRequest, request_id: UUID) -> HttpResponse:
    """To the copy, by a link of one minute."""
    return HttpResponseRedirect(copies.link(access_rights_request(request_id)))


@require_POST
@handler_view
def rights_correct(request: OrganisationRequest, request_id: UUID) -> HttpResponse:
    found = access_rights_request(request_id)
    changed = corrections.correct(found, request.POST.dict())
    if changed:
        messages.success(request, _("Corrected. Analyse again to have it in reports too."))
    else:
        messages.info(request, _("Nothing was changed."))
    return _back(request, found)


@require_POST
@handler_view
@recently_authenticated
def rights_erase(request: OrganisationRequest, request_id: UUID) -> HttpResponse:
    """Everything of the person; it cannot be undone."""
    found = access_rights_request(request_id)
    answers.erase(found, request.user)
    messages.success(request, _("The person's data are being erased. The request closes when all is gone."))
    return _back(request, found)


def _back(request: OrganisationRequest, found: RightsRequest) -> HttpResponse:
    return redirect("rights-request", request.organisation.slug, found.pk)
