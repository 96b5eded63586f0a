"""Uploading recordings, with or without script."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.domain.lawful import declarations
from accounts.domain.lawful.missing import Missing
from accounts.domain.viewing import list_read
from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Project, Subject
from accounts.permissions import Action
from analysis.domain import gate
from analysis.domain.intake import uploads
from analysis.forms import RecordingsForm, first_fault
from analysis.models import Recording
from analysis.views.incoming import open_uploads, refused
from echodepth.errors import UserError
from echodepth.http import wants_json
from echodepth.uploads import takes_upload


@takes_upload
@organisation_view(Action.UPLOAD)
def upload(request: OrganisationRequest) -> HttpResponse:
    form = RecordingsForm(request.POST or None, request.FILES or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        if wants_json(request):
            try:
                return _received_one(request, form)
            except UserError as refusal:
                return refused(request, refusal)
        if _receive_all(request, form):
            return redirect("analysis:recordings", request.organisation.slug)
    elif request.method == "POST" and wants_json(request):
        return JsonResponse(first_fault(form), status=400)
    labels = list(Subject.objects.order_by("label").values_list("label", flat=True).distinct())
    list_read("labels", rows=len(labels))
    context = {
        "form": form,
        "projects_exist": form.fields["project"].queryset.exists(),  # type: ignore[attr-defined]
        "subjects": labels,
        "open_uploads": open_uploads(request),
        "held_back": _held_back(request.GET.get("project", "")),
    }
    return render(request, "analysis/upload.html", context, status=400 if form.errors else 200)


def _held_back(project_id: str) -> list[tuple[Project, Missing]]:
    """Projects in which nothing is analysed yet, each with the first reason; of one asked for, it alone."""
    listed = list(Project.objects.all())
    asked_for = [project for project in listed if str(project.pk) == project_id] or listed
    found = [(project, gate.of_project(project, use)) for project, use in declarations.of_all(asked_for)]
    return [(project, missing[0]) for project, missing in found if missing]


def _initial(request: OrganisationRequest) -> dict[str, str]:
    return {"project": request.GET["project"]} if "project" in request.GET else {}


def _received_one(request: OrganisationRequest, form: RecordingsForm) -> JsonResponse:
    file, title = form.titled()[0]
    recording = _receive(request, form, file, title)
    url = reverse("analysis:recording", args=[request.organisation.slug, recording.pk])
    return JsonResponse({"title": recording.title, "url": url}, status=201)


def _receive_all(request: OrganisationRequest, form: RecordingsForm) -> bool:
    """Whether every file was taken; what was refused stands beside the field, the others are kept."""
    for file, title in form.titled():
        try:
            recording = _receive(request, form, file, title)
        except UserError as refusal:
            form.add_error("uploads", _sentence(request, file, refusal))
        else:
            messages.success(request, _("“%(title)s” was uploaded.") % {"title": recording.title})
    return not form.errors


def _sentence(request: OrganisationRequest, file: UploadedFile, refusal: UserError) -> str:
    """The refusal beside the file's name, with a link to what was uploaded already."""
    named = format_html("{}: {}", uploads.file_name(file), refusal.sentence)
    if "recording" not in refusal.facts:
        return named
    url = reverse("analysis:recording", args=[request.organisation.slug, refusal.facts["recording"]])
    return format_html('{} <a href="{}">{}</a>', named, url, _("Open the recording"))


def _receive(request: OrganisationRequest, form: RecordingsForm, file: UploadedFile, title: str) -> Recording:
    # add_error takes a field out of cleaned_data, so what is shared is read by name each time.
    project: Project = form.cleaned_data["project"]
    return uploads.receive_recording(file, project, request.user, title, form.cleaned_data["subject"])
