"""What the desk does with a request: each a form of its own on the request's page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.desk_http import desk_view
from accounts.http import OrganisationRequest, recently_authenticated
from accounts.permissions import Action
from echodepth.errors import UserError
from reports.access import access_sample
from reports.desk_forms import ConvertForm, DeclineForm, NoteForm, OwnerForm, QuestionForm, TagsForm
from reports.domain.samples import actions, converting, links, listing, passing_on
from reports.models import SampleRequest
from reports.views.desk_sample import page

Act = Callable[[SampleRequest, dict[str, Any]], object]
"""Given the request, and what a valid form tells."""
desk_action = desk_view(Action.MANAGE_PROJECTS)


@require_POST
@desk_action
def assign(request: OrganisationRequest, sample_id: UUID) -> HttpResponse:
    sent = ("owner_form", OwnerForm(request.POST, people=listing.people()))
    told = _("The owner was changed.")
    return _done(request, sample_id, sent, told, lambda one, given: actions.assign(one, given["owner"]))


@require_POST
@desk_action
def tag(request: OrganisationRequest, sample_id: UUID) -> HttpResponse:
    sent = ("tags_form", TagsForm(request.POST))
    told = _("The tags were kept.")
    return _done(request, sample_id, sent, told, lambda one, given: actions.tag(one, given["tags"]))


@require_POST
@desk_action
def ask(request: OrganisationRequest, sample_id: UUID) -> HttpResponse:
    """The prospect is mailed, and the clock stands."""
    sent = ("question_form", QuestionForm(request.POST))
    told = _("The question was mailed. The clock stands until the answer.")
    return _done(request, sample_id, sent, told, lambda one, given: actions.ask(one, given["question"]))


@require_POST
@desk_action
def note(request: OrganisationRequest, sample_id: UUID) -> HttpResponse:
    sent = ("note_form", NoteForm(request.POST))
    told = _("The covering note was kept.")
    return _done(request, sample_id, sent, told, lambda one, given: actions.note(one, given["note"]))


@require_POST
@desk_action
def decline(request: OrganisationRequest, sample_id: UUID) -> HttpResponse:
    sent = ("decline_form", DeclineForm(request.POST))
    told = _("The request was declined, and the prospect was told.")
    return _done(request, sample_id, sent, told, lambda one, given: actions.decline(one, given["reason"]))


@require_POST
@desk_view(Action.REVIEW)
def deliver(request: OrganisationRequest, sample_id: UUID) -> HttpResponse:
    """The link to the signed report is mailed."""
    told = _("The report was delivered: its link was mailed.")
    return _done(request, sample_id, None, told, lambda one, _given: actions.deliver(one))


@require_POST
@desk_action
@recently_authenticated
def convert(request: OrganisationRequest, sample_id: UUID) -> HttpResponse:
    """The prospect becomes an organisation with its trial, the sample inside."""
    sent = ("convert_form", ConvertForm(request.POST))
    told = _("The organisation was made, with the sample inside. Its owner was invited by mail.")

    def act(one: SampleRequest, given: dict[str, Any]) -> None:
        converting.convert(one, request.user, given["owner_email"])

    return _done(request, sample_id, sent, told, act)


@require_POST
@desk_action
def link(request: OrganisationRequest, sample_id: UUID) -> HttpResponse:
    """A new private link, shown this once; the old one is void."""
    found = access_sample(sample_id)
    return shown_once(request, found, passing_on.renew(found))


def shown_once(request: OrganisationRequest, found: SampleRequest, secret: str) -> HttpResponse:
    """The private link, to be copied into a mail of one's own."""
    context = {"sample": found, "address": links.address(secret)}
    return render(request, "reports/desk/link.html", context, status=201)


def _done(
    request: OrganisationRequest, sample_id: UUID, sent: tuple[str, forms.Form] | None, told: str, act: Act
) -> HttpResponse:
    """Back to the request's page, with a sentence of what happened; a form that is wrong is shown again."""
    found = access_sample(sample_id)
    name, form = sent or ("", None)
    if form is not None and not form.is_valid():
        return page(request, found, {name: form})
    try:
        act(found, form.cleaned_data if form else {})
    except UserError as error:
        messages.error(request, str(error.sentence))
    except OSError:
        messages.error(request, _("The mail server took no mail, so nothing was done. Try again later."))
    else:
        messages.success(request, told)
    return redirect("desk-sample", found.pk)
