"""The checks that every recording passes, whichever way its bytes came; nobody's word is taken for them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.projects import find_or_add_subject
from accounts.models import Project
from analysis import confined
from analysis.domain import gate, retention
from analysis.domain.intake.first_bytes import LOOKED_AT, refuse_foreign
from analysis.domain.intake.usage import claim_room
from analysis.domain.sight import in_sight
from analysis.domain.summary import media_facts
from analysis.domain.work import runs
from analysis.engine.errors import EngineError, TooLongError
from analysis.engine.probe import Limits
from analysis.engine.types import MediaInfo
from analysis.messages import explain
from analysis.models import Recording
from echodepth.errors import UserError

_CHUNK = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file was found to be."""

    size: int
    sha256: str
    """In hexadecimal."""
    info: MediaInfo
    path: Path
    """Where the file lies while it is looked at."""


def accept_all(_found: object) -> None:
    """Takes every recording that can be analysed."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is asked of a recording where it was sent, besides what is asked everywhere.

    Each raises UserError for one that is not taken there.
    """

    accept: Callable[[Looked], None] = accept_all
    """Of what the file was found to be."""
    claim: Callable[[Recording], None] = accept_all
    """In the transaction that admits it, which holds its project's lock; it is undone with it."""


ANYWHERE = Conditions()


def look(path: Path, tick: Callable[[], None] = lambda: None) -> Looked:
    """First bytes, digest and probe of a local file; `tick` is called now and then.

    Raises UserError `type_not_allowed`, or with the engine's code when it is no video that can be analysed.
    """
    with path.open("rb") as handle:
        refuse_foreign(handle.read(LOOKED_AT))
        size, sha256 = _digest(handle, tick)
    try:
        return Looked(size, sha256, _probed(path, sha256, tick), path)
    except EngineError as error:
        raise _explained(error) from error


def is_longer(looked: Looked, seconds: float) -> bool:
    """By what the file says, or by the timestamps of all its packets where it does not say.

    Raises UserError with the engine's code where those cannot be read.
    """
    if looked.info.duration is not None:
        return looked.info.duration > seconds
    try:
        # Said nowhere, it takes a look at every packet; where that is in vain, the analysis has its limit.
        confined.plan(looked.path, Limits(max_seconds=seconds), settings.SEGMENT_FRAMES, looked.sha256)
    except TooLongError:
        return True
    except EngineError as error:
        raise _explained(error) from error
    return False


def admit(
    recording: Recording,
    looked: Looked,
    subject_label: str,
    upload_id: UUID | None = None,
    claim: Callable[[Recording], None] = accept_all,
) -> None:
    """Save the recording, whose object lies in storage, and request its analysis, both or neither.

    Where something is missing that the project's declaration requires, the recording waits for it. A subject
    is made when the project has none of the label. `upload_id` is the announcement that already counts
    against the quotas. Raises UserError `already_uploaded`, `quota_recordings` or `quota_bytes`, and what
    `claim` raises.
    """
    recording.size, recording.sha256 = looked.size, looked.sha256
    with transaction.atomic():
        # It locks the organisation: of two who send the same at once, the second finds the first one's.
        claim_room(recording.organisation_id, recording.size, besides=upload_id)
        refuse_known(looked.sha256, recording.project)
        label = subject_label.strip()
        recording.subject = find_or_add_subject(recording.project, label) if label else None
        recording.media_facts = media_facts(looked.info)
        gate.lock(recording.project_id)
        missing = gate.missing(recording)
        recording.analysis_wanted = bool(missing)
        recording.save(force_insert=True)
        retention.keep_recording(recording)
        claim(recording)  # before the trail, which everybody locks last
        record(AuditAction.RECORDING_UPLOADED, recording, size=recording.size)
        if missing:
            record(AuditAction.ANALYSIS_REFUSED, recording, missing=gate.codes(missing))
        else:
            runs.request(recording, recording.uploaded_by, recording.media_facts)


def refuse_known(sha256: str, project: Project) -> None:
    """Raises UserError `already_uploaded`, whose facts name the recording of this content."""
    existing = known(sha256, project)
    if existing:
        sentence = _(
            "This recording was uploaded already: “%(title)s” has the same content. Open that one, or choose "
            "another file."
        )
        raise UserError(
            "already_uploaded",
            sentence % {"title": existing.title},
            status=409,
            facts={"recording": str(existing.pk)},
        )


def named_in(refusal: UserError) -> Recording | None:
    """The recording of the same content that a refusal names, if it is (still) there."""
    if "recording" not in refusal.facts:
        return None
    found: Recording | None = Recording.objects.filter(pk=refusal.facts["recording"]).first()
    return found


def known(sha256: str, project: Project) -> Recording | None:
    """The recording of this content, the first of several, that the project's organisation has.

    At the sales desk each project is another prospect's, and none is told what another one sent.
    """
    same = Recording.objects.filter(sha256=sha256)
    if project.organisation.is_desk:
        same = same.filter(project=project)
    found: Recording | None = in_sight(same).order_by("created_at", "pk").first()
    return found


def _explained(error: EngineError) -> UserError:
    return UserError(error.code, str(explain(error.code, error.facts)))


def _probed(path: Path, sha256: str, tick: Callable[[], None]) -> MediaInfo:
    """By a child process that can hurt nobody. Raises EngineError."""
    limits = Limits(max_seconds=settings.MAX_SECONDS)
    try:
        return confined.probe(path, limits, sha256, tick)
    except confined.DecoderFailedError as error:
        if error.facts.get("reason") != "time":
            raise
    return confined.probe(path, limits, sha256, tick)  # the machine may have been busy


def _digest(handle: BinaryIO, tick: Callable[[], None]) -> tuple[int, str]:
    """Bytes and SHA-256 of the whole file."""
    found, size = hashlib.sha256(), 0
    handle.seek(0)
    while piece := handle.read(_CHUNK):
        found.update(piece)
        size += len(piece)
        tick()
    return size, found.hexdigest()
