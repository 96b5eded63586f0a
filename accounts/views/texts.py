"""The texts that people are shown: read by who asks for consent, written and published by admins."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import access_text
from accounts.domain.consent import texts as domain
from accounts.enums import TextKind
from accounts.forms.consent import NewTextForm, TextForm
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import PrivacyText
from accounts.permissions import Action
from echodepth.errors import UserError

writer_view = organisation_view(Action.CONFIRM_USE)


@organisation_view(Action.MANAGE_PROJECTS)
def texts(request: OrganisationRequest) -> HttpResponse:
    """All versions of all texts, newest first."""
    context = {"texts": list(PrivacyText.objects.defer("body"))}
    return render(request, "accounts/texts/list.html", context)


@writer_view
def text_new(request: OrganisationRequest) -> HttpResponse:
    """Begin the next version of a text."""
    form = NewTextForm(request.POST or None)
    if form.is_valid():
        kind, language = TextKind(form.cleaned_data["kind"]), form.cleaned_data["language"].strip()
        try:
            made = domain.begin(request.organisation, kind, language, request.user)
        except UserError as error:
            form.add_error("language", str(error.sentence))
        else:
            return redirect("text-edit", request.organisation.slug, made.pk)
    return render(request, "accounts/texts/new.html", {"form": form}, status=400 if form.errors else 200)


@organisation_view(Action.MANAGE_PROJECTS)
def text(request: OrganisationRequest, text_id: UUID) -> HttpResponse:
    """One version as people are shown it."""
    found = access_text(text_id)
    context = {"text": found, "paragraphs": domain.paragraphs(found.body)}
    return render(request, "accounts/texts/text.html", context)


@writer_view
def text_edit(request: OrganisationRequest, text_id: UUID) -> HttpResponse:
    """A draft; what is published is refused (`text_published`)."""
    found = access_text(text_id)
    form = TextForm(request.POST or None, initial={"title": found.title, "body": found.body})
    if form.is_valid():
        domain.change(found, form.cleaned_data["title"], form.cleaned_data["body"])
        messages.success(request, _("The draft was saved."))
        return redirect("text", request.organisation.slug, found.pk)
    if found.published_at is not None:
        return redirect("text", request.organisation.slug, found.pk)
    context = {"form": form, "text": found}
    return render(request, "accounts/texts/edit.html", context, status=400 if form.errors else 200)


@require_POST
@writer_view
def text_publish(request: OrganisationRequest, text_id: UUID) -> HttpResponse:
    """From now on people are shown it; what is still to be filled in is said on its page."""
    found = access_text(text_id)
    try:
        domain.publish(found)
    except UserError as error:
        if error.code != "text_unfinished":
            raise
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("The text was published. This version can no longer be changed."))
    return redirect("text", request.organisation.slug, found.pk)


@require_POST
@writer_view
def text_drop(request: OrganisationRequest, text_id: UUID) -> HttpResponse:
    domain.drop(access_text(text_id))
    messages.success(request, _("The draft was thrown away."))
    return redirect("texts", request.organisation.slug)
