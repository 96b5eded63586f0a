"""The prospect's uploader: as the portal's, for whoever asked in this browser or opened the link in it.

Nobody is signed in. The session remembers one request, which is all that these addresses reach. Each says in
its query which one it was drawn for: a page that was opened before another request's sends it nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse, translate_url
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import doors, limits
from analysis.access import access_upload
from analysis.domain.intake import incoming
from analysis.domain.intake.uploads import Announced, file_name
from analysis.enums import UploadState
from analysis.forms import FileForm, first_fault
from analysis.models import Recording, Upload
from analysis.validators import DOCUMENT_KINDS
from analysis.views.incoming import facts_of, links_to, told_in
from echodepth.errors import UserError
from echodepth.http import wants_json
from echodepth.tenancy import tenant
from echodepth.uploads import MULTIPART_OVERHEAD, SMALL_BODY, claimed_length, takes_upload
from reports.domain.samples import receiving
from reports.models import SampleRequest

SESSION = "sample"
"""Key of the session: the request whose file may be sent from here."""
ASKED = "sample"
"""Of the query: the `mark` of the request whose page it was that asks."""

Page = Callable[..., HttpResponseBase]


def remember(request: HttpRequest, sample: SampleRequest) -> None:
    """From this browser the file of this request may be sent."""
    request.session[SESSION] = str(sample.pk)


def uploader_context(request: HttpRequest, sample: SampleRequest, page: str) -> dict[str, Any]:
    """What `reports/sample/includes/uploader.html` shows; afterwards it goes on at the path `page`."""
    remember(request, sample)
    begun = receiving.uploads_of(sample)
    try:
        rows = [_facts(sample, found) | {"expires_at": found.expires_at} for found in begun]
    except UserError:  # the storage cannot tell what came; the page is for more than this
        rows = []
    return {
        "next": page,
        "upload_url": address("sample-upload", sample),
        "announce_url": address("sample-upload-announce", sample),
        "token_url": address("sample-upload-token", sample),
        "open_uploads": rows,
        "takes_a_file": receiving.takes_a_file(sample),
        "document_kinds": ",".join(f".{kind}" for kind in DOCUMENT_KINDS),
        "most_minutes": receiving.MOST_SECONDS // 60,
        "most_document": receiving.MOST_DOCUMENT_BYTES,
    }


def address(name: str, sample: SampleRequest, *args: Any) -> str:
    """Of the uploader, for this request alone."""
    return f"{reverse(name, args=args)}?{ASKED}={mark(str(sample.pk))}"


def mark(key: str) -> str:
    """Tells requests apart in addresses, and no more: their ids stand on no page of a prospect's."""
    return salted_hmac("reports.sample_upload", key, algorithm="sha256").hexdigest()[:16]


def sample_upload(view: Page) -> Page:
    """Decorate a view that the uploader asks: in the desk's scope, with the session's request.

    It has a `gate`, as `takes_upload` wants it, which raises where the session knows of none, or for a body
    that is larger than a sample may be; what it lets in counts.
    """

    @login_not_required
    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            organisation_id, sample = _known(request)
            with tenant(organisation_id), timezone.override(ZoneInfo(sample.organisation.time_zone)):
                return view(request, sample, *args, **kwargs)
        except UserError as refusal:
            if wants_json(request):
                return _refused(refusal)
            raise

    def gate(request: HttpRequest, *_args: Any, **_kwargs: Any) -> None:
        _organisation, sample = _known(request)
        receiving.refuse_another(sample)
        receiving.refuse_large(claimed_length(request) - MULTIPART_OVERHEAD)
        limits.SAMPLE_UPLOAD.take(str(sample.pk))

    gate.is_for_strangers = True  # type: ignore[attr-defined]
    inner.gate = gate  # type: ignore[attr-defined]
    return inner


@takes_upload
@require_POST
@sample_upload
def send(request: HttpRequest, sample: SampleRequest) -> HttpResponseBase:
    """A recording or document that comes with a form, in one piece."""
    file = request.FILES.get("upload")
    if not isinstance(file, UploadedFile):
        raise UserError("invalid", _("Choose a file first."))
    if claimed_length(request) <= SMALL_BODY:  # larger ones the gate has counted
        limits.SAMPLE_UPLOAD.take(str(sample.pk))
    suffix = file_name(file).rpartition(".")[2].lower()
    receiving.take(sample, file, is_document=suffix in DOCUMENT_KINDS)
    if wants_json(request):
        return JsonResponse(_link(file_name(file)), status=201)
    page = _next(request)
    with translation.override(get_language_from_path(page)):
        messages.success(request, _("“%(name)s” has come in.") % {"name": file_name(file)})
    return redirect(page)


@require_POST
@sample_upload
def announce(request: HttpRequest, sample: SampleRequest) -> JsonResponse:
    """201 with the upload's facts; 200 where it goes on with an upload of the same file."""
    form = FileForm(told_in(request))
    if not form.is_valid():
        return JsonResponse(first_fault(form), status=400)
    limits.SAMPLE_UPLOAD.take(str(sample.pk))
    told = form.cleaned_data
    announced = Announced(form.announced().name, subject_label=sample.reference)
    before = {found.pk for found in receiving.uploads_of(sample)}
    made = receiving.announce(sample, announced, told["size"], told["client_key"])
    return JsonResponse(_facts(sample, made), status=200 if made.pk in before else 201)


@require_safe
@sample_upload
def token(request: HttpRequest, sample: SampleRequest) -> JsonResponse:  # noqa: ARG001 - a view's signature
    """For X-CSRFToken, where the page's own went out of date."""
    return JsonResponse({"token": get_token(request)})


@require_safe
@sample_upload
def upload(request: HttpRequest, sample: SampleRequest, upload_id: UUID) -> JsonResponse:  # noqa: ARG001
    return JsonResponse(_facts(sample, _access(sample, upload_id)))


@require_POST
@sample_upload
def links(request: HttpRequest, sample: SampleRequest, upload_id: UUID) -> JsonResponse:
    """Where the parts of these `numbers` are sent by PUT."""
    found = _access(sample, upload_id)
    receiving.refuse_other(sample, found)
    return links_to(found, request)


@require_POST
@sample_upload
def finish(request: HttpRequest, sample: SampleRequest, upload_id: UUID) -> JsonResponse:  # noqa: ARG001
    """What it is called, and the page on which it goes on; asked again, the same with 200."""
    found = _access(sample, upload_id)
    status = 200 if found.state == UploadState.DONE else 201
    return JsonResponse(_link(receiving.finish(sample, found).title), status=status)


@require_POST
@sample_upload
def abort(request: HttpRequest, sample: SampleRequest, upload_id: UUID) -> HttpResponse:
    """204 for scripts; back to the page for people."""
    found = _access(sample, upload_id)
    incoming.abort(found)
    if wants_json(request):
        return HttpResponse(status=204)
    page = _next(request)
    with translation.override(get_language_from_path(page)):
        messages.success(request, _("The upload of “%(name)s” was given up.") % {"name": found.original_name})
    return redirect(page)


def remembered(request: HttpRequest) -> SampleRequest | None:
    """The session's request, in the scope of the desk; None also where it is gone."""
    key = request.session.get(SESSION)
    requests = SampleRequest.objects.select_related("organisation", "project")
    found: SampleRequest | None = requests.filter(pk=UUID(key)).first() if key else None
    return found


def _known(request: HttpRequest) -> tuple[UUID, SampleRequest]:
    """The desk and the session's request. Raises UserError `sample_unknown`, also at another one's page."""
    key = request.session.get(SESSION)
    rows = doors.DESK.open()
    if not key or not rows:
        raise _unknown()
    if request.GET.get(ASKED) != mark(key):
        sentence = _(
            "Another request was opened in this browser meanwhile. Nothing was sent to it. Load the page "
            "again by the private link that we mailed to you, then choose the file."
        )
        raise UserError("sample_unknown", sentence, status=409)
    organisation_id: UUID = rows[0][0]
    with tenant(organisation_id):
        found = remembered(request)
    if found is None:
        raise _unknown()
    return organisation_id, found


def _unknown() -> UserError:
    sentence = _(
        "It is not known here which request this file is for. Open the private link that we mailed to you, "
        "then choose the file there."
    )
    # Not 404: the page's script would say that the upload is gone, and not this.
    return UserError("sample_unknown", sentence, status=409)


def _access(sample: SampleRequest, upload_id: UUID) -> Upload:
    """The request's own upload, announced by the prospect; Http404 for every other one."""
    found = access_upload(upload_id)
    if sample.project_id is None or found.project_id != sample.project_id or found.created_by_id is not None:
        raise Http404
    return found


def _refused(refusal: UserError) -> JsonResponse:
    told = {"code": refusal.code, "sentence": str(refusal.sentence)}
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    return JsonResponse(told, status=refusal.status, headers=headers)


def _facts(sample: SampleRequest, found: Upload) -> dict[str, Any]:
    names = {"url": "facts", "links_url": "links", "finish_url": "finish", "abort_url": "abort"}
    addresses = {key: address(f"sample-upload-{name}", sample, found.pk) for key, name in names.items()}

    def link(recording: Recording) -> dict[str, str]:
        return _link(recording.title)

    return facts_of(found, addresses, link)


def _link(title: str) -> dict[str, str]:
    """A prospect has no page of the recording: its link leads to the page on which the uploader stands."""
    return {"title": title, "url": ""}


def _next(request: HttpRequest) -> str:
    """The page that the form names, which holds the secret of the link and is kept nowhere; one of ours."""
    page = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(page, allowed_hosts=None) and page.startswith(_starts())
    return page if ours else reverse("sample-sent")


def _starts() -> tuple[str, ...]:
    """Of the addresses of a prospect's pages, in every language."""
    return tuple(translate_url(reverse("sample"), code) for code, _name in settings.LANGUAGES)
