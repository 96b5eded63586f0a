"""How requests by right go with the person: what was written, and the copy; when they asked and what stays.

Steps of `accounts.domain.erasure.registry`.
"""

from django.utils import timezone

from accounts.domain.erasure.registry import Job, Order, register
from accounts.domain.erasure.things import erase_folder, forget_retention, note, writing
from accounts.domain.rights.copies import folder
from accounts.domain.rights.requests import KIND
from accounts.enums import DataClass, RightsKind, RightsState
from accounts.models import RightsRequest

COPY = "copy of personal data"
REQUEST = "request by right"


def connect() -> None:
    """Called once, when the app is ready."""
    register("subject", erase_of_subject, Order.ROWS)
    register(KIND, erase_copy, Order.OBJECTS, [DataClass.EXPORTS])


def erase_of_subject(job: Job) -> bool:
    """Empty one request and part it from its person; False where there is none left."""
    request = RightsRequest.objects.filter(subject=job.object_id).order_by("pk").first()
    if request is None:
        return False
    erase_folder(job, COPY, request.pk, folder(request.organisation_id, request.pk))
    with writing(job):
        note(job, REQUEST, request.pk)
        forget_retention(KIND, request.pk)
        RightsRequest.objects.filter(pk=request.pk).update(
            subject=None,
            words="",
            answer="",
            prolonged_for="",
            export_key="",
            export_sha256="",
            copy_asked_at=None,
            **_closed(job, request),
        )
    return True


def erase_copy(job: Job) -> bool:
    """The copy alone, when the time of copies is over."""
    if not RightsRequest.objects.filter(pk=job.object_id).exclude(export_key="").exists():
        return False
    erase_folder(job, COPY, job.object_id, folder(job.erasure.organisation_id, job.object_id))
    with writing(job):
        RightsRequest.objects.filter(pk=job.object_id).update(export_key="", export_sha256="")
    return True


def _closed(job: Job, request: RightsRequest) -> dict[str, object]:
    """Who asked for erasure has it, whatever it was done for; what else was open cannot be answered now."""
    if request.state != RightsState.OPEN:
        return {}
    answered = request.kind == RightsKind.ERASURE or request.pk == job.erasure.rights_request
    return {"state": RightsState.DONE if answered else RightsState.DECLINED, "closed_at": timezone.now()}
