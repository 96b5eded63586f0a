"""A prospect's file: one recording or one document, and the working days that begin when it is there.

All in the scope of the desk's organisation.
"""

import logging
from contextlib import suppress
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.models import Project
from analysis.domain.intake import finishing, incoming, uploads
from analysis.domain.intake.admission import Conditions, Looked, is_longer
from analysis.domain.intake.uploads import Announced
from analysis.domain.sight import in_sight
from analysis.models import Document, Recording, Upload
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.samples import mails, trail, working_days
from reports.enums import SampleState
from reports.models import SampleRequest

logger = logging.getLogger(__name__)

MOST_SECONDS = 600
"""Of a recording."""
SLACK = 1
"""Seconds that a recording of ten minutes may say more: cameras do not stop on the dot."""
MOST_BYTES = 1_000_000_000
"""Of a recording."""
MOST_DOCUMENT_BYTES = 50_000_000
TAKES_A_FILE = frozenset({SampleState.UNCONFIRMED, SampleState.OPEN, SampleState.RECEIVED, SampleState.ASKED})
"""Where there is none; of one that was received, none any more."""


def announce(sample: SampleRequest, announced: Announced, size: int, client_key: str = "") -> Upload:
    """A place for the recording; the same again for an upload that was begun and not finished.

    One file is taken: what was begun with another one is given up. Raises UserError `sample_has_file`,
    `too_large`, and what `incoming.announce` raises.
    """
    refuse_another(sample)
    refuse_large(size)
    project = _project(sample)
    known = incoming.resumed(None, project, announced, size, client_key)
    if known:
        return known
    for begun in uploads_of(sample):
        incoming.abort(begun)
    return incoming.announce(None, project, announced, size, client_key=client_key)


def finish(sample: SampleRequest, upload: Upload) -> Recording:
    """Check what came in parts, and receive it; raises as `finishing.finish` does, and `sample_too_long`."""
    refuse_other(sample, upload)
    recording = finishing.finish(upload, _conditions(sample))
    receive(sample)
    return recording


def take(sample: SampleRequest, file: UploadedFile, *, is_document: bool) -> Recording | Document:
    """Receive a file that came with a form; raises as `uploads.receive_recording` and `_document` do."""
    refuse_another(sample)
    refuse_large(file.size or 0, MOST_DOCUMENT_BYTES if is_document else MOST_BYTES)
    project = _project(sample)
    found: Recording | Document
    if is_document:
        found = uploads.receive_document(file, project, None, claim=partial(_claim, sample, "document"))
    else:
        label = sample.reference
        conditions = _conditions(sample)
        found = uploads.receive_recording(file, project, None, subject_label=label, conditions=conditions)
    receive(sample)
    return found


def receive(sample: SampleRequest) -> None:
    """The request has its file; the clock starts as soon as the address is confirmed too.

    What else was begun for it is given up.
    """
    sample.refresh_from_db(fields=["recording", "document", "state"])
    settle(sample)
    for begun in uploads_of(sample):
        with suppress(UserError):  # bytes that the storage does not give up now are swept later
            incoming.abort(begun)


@transaction.atomic
def settle(sample: SampleRequest) -> None:
    """Begin the working days of a request that is confirmed and has its file; else nothing, and never twice.

    A file that came while the program was stopped, or that staff put into the project, is found here.
    """
    _take_up(sample)
    if sample.recording_id is None and sample.document_id is None:
        return
    is_open = SampleRequest.objects.filter(pk=sample.pk, state=SampleState.OPEN)
    if not is_open.update(state=SampleState.RECEIVED, received_at=timezone.now()):
        return
    sample.refresh_from_db()
    sample.due_on = working_days.due_on(sample)
    sample.save(update_fields=["due_on"])
    transaction.on_commit(partial(_tell, sample))
    what = "recording" if sample.recording_id else "document"
    trail.record(AuditAction.SAMPLE_RECEIVED, sample, file=what)


def uploads_of(sample: SampleRequest) -> list[Upload]:
    """What was begun for the request and is not finished, newest first."""
    return list(incoming.of_person(None).filter(project=sample.project_id))


def takes_a_file(sample: SampleRequest) -> bool:
    """Whether the request still waits for its file."""
    is_empty = sample.recording_id is None and sample.document_id is None
    return is_empty and sample.project_id is not None and sample.state in TAKES_A_FILE


def refuse_another(sample: SampleRequest) -> None:
    """Raises UserError `sample_has_file` where no file is taken (any more)."""
    if not takes_a_file(sample):
        raise _has_file()


def refuse_other(sample: SampleRequest, upload: Upload) -> None:
    """As `refuse_another`, but for the upload that became the request's recording, and has its id."""
    if sample.recording_id != upload.pk:
        refuse_another(sample)


def _has_file() -> UserError:
    sentence = _(
        "This request has its file already, or takes none any more. To have another one analysed, ask "
        "for another sample analysis."
    )
    return UserError("sample_has_file", sentence, status=409)


def _conditions(sample: SampleRequest) -> Conditions:
    return Conditions(_short_enough, partial(_claim, sample, "recording"))


def _claim(sample: SampleRequest, field: str, found: Recording | Document) -> None:
    """The file becomes the request's, or is not admitted: of two at once, the second is refused here."""
    empty = SampleRequest.objects.filter(pk=sample.pk, recording=None, document=None)
    if not empty.filter(state__in=TAKES_A_FILE).update(**{field: found}):
        raise _has_file()
    _begin_anew(sample)


def _begin_anew(sample: SampleRequest) -> None:
    """A file that is sent again is received again, with five working days; a question still waits first."""
    again = SampleRequest.objects.filter(pk=sample.pk, state=SampleState.RECEIVED)
    again.update(state=SampleState.OPEN, pauses=[], due_on=None)


def _take_up(sample: SampleRequest) -> None:
    if not takes_a_file(sample):
        return
    for model, field in ((Recording, "recording"), (Document, "document")):
        rows = in_sight(model.objects.filter(project=sample.project_id))
        found = rows.order_by("created_at", "pk").first()
        if found:
            empty = SampleRequest.objects.filter(pk=sample.pk, recording=None, document=None)
            if empty.update(**{field: found}):
                _begin_anew(sample)
            sample.refresh_from_db(fields=["recording", "document"])
            return


def _project(sample: SampleRequest) -> Project:
    """Where the file goes."""
    found: Project = Project.objects.select_related("organisation").get(sample=sample)
    return found


def refuse_large(size: int, most: int | None = None) -> None:
    """Raises UserError `too_large`; as a recording where nothing else is said."""
    most = MOST_BYTES if most is None else most
    if size > most:
        sentence = _("The file is larger than a free sample may be: %(most)d MB.")
        raise UserError("too_large", sentence % {"most": most // 1_000_000}, status=413)


def _short_enough(looked: Looked) -> None:
    """Raises UserError `sample_too_long`, and what `is_longer` raises."""
    if is_longer(looked, MOST_SECONDS + SLACK):
        sentence = _(
            "This recording is longer than the %(minutes)d minutes of a free sample. Cut it, or choose a "
            "shorter one."
        )
        raise UserError("sample_too_long", sentence % {"minutes": MOST_SECONDS // 60})


def _tell(sample: SampleRequest) -> None:
    """What was received stays received where the mail cannot be sent: the page says the same."""
    try:
        with tenant(sample.organisation_id):
            mails.send(sample, "received")
    except OSError:
        logger.exception("sample=%s: the mail that it was received was not taken", sample.pk)
