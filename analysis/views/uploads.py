"""Uploading recordings, with or without script."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import OrganisationRequest, organisation_view
from accounts.models import Project, Subject
from accounts.permissions import LOWEST_ROLE, Action
from analysis.domain import uploads
from analysis.forms import RecordingsForm
from analysis.models import Recording
from echodepth.errors import UserError
from echodepth.http import wants_json
from echodepth.uploads import takes_upload


@takes_upload
@organisation_view(LOWEST_ROLE[Action.UPLOAD])
def upload(request: OrganisationRequest) -> HttpResponse:
    form = RecordingsForm(request.POST or None, request.FILES or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        if wants_json(request):
            return _received_one(request, form)
        if _receive_all(request, form):
            return redirect("analysis:recordings", request.organisation.slug)
    elif request.method == "POST" and wants_json(request):
        return JsonResponse(_invalid(form), status=400)
    context = {
        "form": form,
        "projects_exist": form.fields["project"].queryset.exists(),  # type: ignore[attr-defined]
        "subjects": Subject.objects.order_by("label").values_list("label", flat=True).distinct(),
    }
    return render(request, "analysis/upload.html", context, status=400 if form.errors else 200)


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
            form.add_error("uploads", f"{uploads.file_name(file)}: {refusal.sentence}")
        else:
            messages.success(request, _("“%(title)s” was uploaded.") % {"title": recording.title})
    return not form.errors


def _receive(request: OrganisationRequest, form: RecordingsForm, file: UploadedFile, title: str) -> Recording:
    # add_error takes a field out of cleaned_data, so what is shared is read by name each time.
    project: Project = form.cleaned_data["project"]
    return uploads.receive_recording(file, project, request.user, title, form.cleaned_data["subject"])


def _invalid(form: RecordingsForm) -> dict[str, object]:
    first = next(iter(form.errors.values()))
    return {"code": "invalid", "sentence": first[0], "fields": form.errors}
