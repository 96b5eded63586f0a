"""Uploading in parts, as the upload page's script does it: JSON in and out, for who announced the upload."""

import json
from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import OrganisationRequest, organisation_view
from accounts.permissions import Action
from analysis.access import access_own_upload
from analysis.domain.intake import finishing, incoming
from analysis.domain.intake.admission import known, named_in
from analysis.enums import UploadState
from analysis.forms import AnnouncementForm, first_fault
from analysis.models import Recording, Upload
from echodepth.errors import UserError
from echodepth.http import wants_json

SHOWN = 20
"""Uploads on a page; the storage is asked about each."""

View = Callable[..., HttpResponseBase]


def refused(request: OrganisationRequest, refusal: UserError) -> JsonResponse:
    """Code and sentence; of what was uploaded already the recording too."""
    told: dict[str, Any] = {"code": refusal.code, "sentence": str(refusal.sentence)}
    existing = named_in(refusal)
    if existing:
        told["recording"] = _link(request, existing)
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    return JsonResponse(told, status=refusal.status, headers=headers)


def _in_json(view: View) -> View:
    """Refusals are told as JSON, whatever the client says it accepts."""

    @wraps(view)
    def inner(request: OrganisationRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except UserError as refusal:
            return refused(request, refusal)

    return inner


@require_POST
@organisation_view(Action.UPLOAD)
@_in_json
def announce(request: OrganisationRequest) -> JsonResponse:
    """201 with the upload's facts; 200 where this person goes on with an upload of the same file."""
    form = AnnouncementForm(told_in(request))
    if not form.is_valid():
        return JsonResponse(first_fault(form), status=400)
    told = form.cleaned_data
    same = (told["project"], form.announced(), told["size"])
    upload = incoming.resumed(request.user, *same, told["client_key"])
    if upload:
        return JsonResponse(facts(request, upload))
    made = incoming.announce(request.user, *same, client_key=told["client_key"])
    return JsonResponse(facts(request, made), status=201)


@require_safe
@organisation_view(Action.UPLOAD)
def token(request: OrganisationRequest) -> JsonResponse:
    """For X-CSRFToken, where the page's own went out of date: signing in changes it, in every tab."""
    return JsonResponse({"token": get_token(request)})


@require_safe
@organisation_view(Action.UPLOAD)
@_in_json
def upload(request: OrganisationRequest, upload_id: UUID) -> JsonResponse:
    return JsonResponse(facts(request, access_own_upload(upload_id, request.user)))


@require_POST
@organisation_view(Action.UPLOAD)
@_in_json
def links(request: OrganisationRequest, upload_id: UUID) -> JsonResponse:
    """Where the parts of these `numbers` are sent by PUT."""
    found = access_own_upload(upload_id, request.user)
    return links_to(found, request)


@require_POST
@organisation_view(Action.UPLOAD)
@_in_json
def finish(request: OrganisationRequest, upload_id: UUID) -> JsonResponse:
    """The recording's title and address; asked again, the same with 200."""
    found = access_own_upload(upload_id, request.user)
    status = 200 if found.state == UploadState.DONE else 201
    return JsonResponse(_link(request, finishing.finish(found)), status=status)


@require_POST
@organisation_view(Action.UPLOAD)
def abort(request: OrganisationRequest, upload_id: UUID) -> HttpResponse:
    """204 for scripts; back to the page for people."""
    found = access_own_upload(upload_id, request.user)
    incoming.abort(found)
    if wants_json(request):
        return HttpResponse(status=204)
    messages.success(request, _("The upload of “%(name)s” was given up.") % {"name": found.original_name})
    return redirect("analysis:upload", request.organisation.slug)


def open_uploads(request: OrganisationRequest) -> list[dict[str, Any]]:
    """The facts of what this person began to upload and did not finish, for the page.

    None of them while the storage cannot tell what came: the page is for more than this.
    """
    began = incoming.of_person(request.user)[:SHOWN]
    try:
        return [facts(request, found) | {"expires_at": found.expires_at} for found in began]
    except UserError:
        return []


def facts(request: OrganisationRequest, upload: Upload) -> dict[str, Any]:
    """What a member's script needs to go on with an upload, or to tell what became of it."""
    return facts_of(upload, _addresses(request, upload), partial(_link, request))


def links_to(upload: Upload, request: HttpRequest) -> JsonResponse:
    """The links to the parts that the request asks for."""
    made = incoming.links(upload, _numbers(request))
    told = [{"number": link.number, "url": link.url, "headers": dict(link.headers)} for link in made]
    return JsonResponse({"links": told}, status=201)


def facts_of(
    upload: Upload, addresses: dict[str, str], link: Callable[[Recording], dict[str, str]]
) -> dict[str, Any]:
    """The same for whoever sends it: at which `addresses` more is asked, what `link` says of a recording."""
    sent = _sent(upload)
    state = incoming.state_of(upload)
    recording = upload.recording or (
        known(upload.sha256, upload.project)
        if upload.error_code == "already_uploaded" and upload.sha256
        else None
    )
    return {
        "id": str(upload.pk),
        "state": state,
        "file_name": upload.original_name,
        "title": upload.title,
        "size": upload.size,
        "part_size": incoming.part_bytes(upload),
        "parts": len(incoming.parts_of(upload)),
        "received": [{"number": part.number, "size": part.size} for part in sent.parts],
        "whole": sent.whole,
        "received_bytes": sent.size,
        "percent": 100 * sent.size // upload.size,
        "client_key": upload.client_key,
        "expires_at": upload.expires_at.isoformat(),
        "recording": link(recording) if recording else None,
        "error": {"code": upload.error_code, "sentence": upload.error_sentence}
        if state == UploadState.REFUSED
        else None,
        **addresses,
    }


def _sent(upload: Upload) -> incoming.Sent:
    """Nothing of what was refused."""
    if upload.state == UploadState.REFUSED:
        return incoming.Sent([], whole=False, size=0)
    return incoming.sent(upload)


def _addresses(request: OrganisationRequest, upload: Upload) -> dict[str, str]:
    names = {"url": "upload-facts", "links_url": "upload-links", "finish_url": "upload-finish"}
    names["abort_url"] = "upload-abort"
    args = [request.organisation.slug, upload.pk]
    return {key: reverse(f"analysis:{name}", args=args) for key, name in names.items()}


def _link(request: OrganisationRequest, recording: Recording) -> dict[str, str]:
    url = reverse("analysis:recording", args=[request.organisation.slug, recording.pk])
    return {"title": recording.title, "url": url}


def told_in(request: HttpRequest) -> dict[str, Any]:
    """The body's JSON object, or a form's fields; raises UserError `malformed`."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        told = json.loads(request.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise UserError("malformed", _("The body cannot be read. Send one JSON object, encoded as UTF-8."))
    return told


def _numbers(request: HttpRequest) -> list[int]:
    """Raises UserError `malformed` for what are no whole numbers."""
    is_json = request.content_type == "application/json"
    told = told_in(request).get("numbers") if is_json else request.POST.getlist("numbers")
    try:
        return [int(number) for number in told or ()]
    except (TypeError, ValueError):
        raise UserError("malformed", _("`numbers` is a list of the parts' numbers.")) from None
