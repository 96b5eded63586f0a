"""Documents kept beside a project's recordings."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access_project
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Project
from accounts.permissions import Action
from analysis.access import access_document
from analysis.domain import erasure
from analysis.domain.intake import uploads
from analysis.domain.intake.documents import document_link
from analysis.forms import DocumentsForm
from analysis.views.projects import project_page
from echodepth.errors import UserError
from echodepth.http import wants_json
from echodepth.uploads import takes_upload


@takes_upload
@require_POST
@organisation_view(Action.UPLOAD)
def upload(request: OrganisationRequest, project_id: UUID) -> HttpResponse:
    project = access_project(project_id)
    form = DocumentsForm(request.POST, request.FILES)
    if wants_json(request):
        return _received_one(request, project, form)
    if form.is_valid() and _receive_all(request, project, form):
        return redirect("analysis:project", request.organisation.slug, project.pk)
    return project_page(request, project, form)


def _received_one(request: OrganisationRequest, project: Project, form: DocumentsForm) -> JsonResponse:
    if not form.is_valid():
        raise UserError("invalid", str(form.errors["uploads"][0]))
    document = uploads.receive_document(form.cleaned_data["uploads"][0], project, request.user)
    url = reverse("analysis:project", args=[request.organisation.slug, project.pk])
    return JsonResponse({"title": document.title, "url": f"{url}#documents"}, status=201)


def _receive_all(request: OrganisationRequest, project: Project, form: DocumentsForm) -> bool:
    """Whether every file was taken; what was refused stands beside the field, the others are kept."""
    for file in form.cleaned_data["uploads"]:
        try:
            document = uploads.receive_document(file, project, request.user)
        except UserError as refusal:
            form.add_error("uploads", f"{uploads.file_name(file)}: {refusal.sentence}")
        else:
            messages.success(request, _("“%(title)s” was uploaded.") % {"title": document.title})
    return not form.errors


@require_safe
@organisation_view()
def download(request: OrganisationRequest, document_id: UUID) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """To the file, by a signed link."""
    return redirect(document_link(access_document(document_id)))


@organisation_view(Action.DELETE)
def delete(request: OrganisationRequest, document_id: UUID) -> HttpResponse:
    """Ask on GET, delete on POST."""
    document = access_document(document_id)
    if request.method != "POST":
        return render(request, "analysis/document_delete.html", {"document": document})
    erasure.erase_document(document)
    messages.success(request, _("“%(title)s” is being erased.") % {"title": document.title})
    return redirect("analysis:project", request.organisation.slug, document.project_id)
