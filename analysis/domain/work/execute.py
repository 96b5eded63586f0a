"""Where engine and database meet: a wake-up's answer, one piece of a run from its claim to its end."""

import logging
from functools import partial
from uuid import UUID

from analysis.confined import DecoderFailedError
from analysis.domain.work import leases, pieces, runs, segments, tidying, workplaces
from analysis.domain.work.engine import REAL, Engine
from analysis.domain.work.heartbeat import Held, ledger
from analysis.domain.work.interrupt import stop_asked
from analysis.engine.errors import CancelledError, EngineError
from analysis.engine.segments import SegmentsDifferError

logger = logging.getLogger(__name__)

INTERNAL_ERROR = "internal_error"
STORAGE_UNAVAILABLE = "storage_unavailable"
DISK_FULL = "worker_disk_full"
MEDIA_MISSING = "media_missing"


def execute(run_id: UUID, engine: Engine = REAL) -> None:
    """Take the next piece of a run and see it through; returns at once when there is nothing to take.

    Whatever happens ends on the run's row: this is a task's outermost border.
    """
    held = None if stop_asked.is_set() else _taken(run_id)
    if held is None:
        return
    try:
        _work(held, engine)
    except Exception as error:  # noqa: BLE001 - the border
        leases.patiently(partial(_end, held, error))
    if leases.patiently(lambda: tidying.tidy(run_id)):
        workplaces.forget_media(held.organisation_id, run_id)


def _taken(run_id: UUID) -> Held | None:
    return runs.claim(run_id) or segments.claim(run_id) or runs.claim_scoring(run_id)


def _work(held: Held, engine: Engine) -> None:
    if isinstance(held, segments.Claim):
        pieces.segment(held, engine)
    elif held.scoring:
        pieces.score(held, engine)
    else:
        pieces.begin(held, engine)


def _end(held: Held, error: Exception) -> None:
    """Write down how a piece of work broke off; nothing where its lease is lost."""
    book = ledger(held)
    if isinstance(error, (CancelledError, *leases.AWAY)):
        # The worker must stop, or lost its lease, or the database; none of these is the recording's fault.
        book.release(held)
    elif isinstance(error, pieces.MediaMissingError):
        book.fail(held, MEDIA_MISSING, {})
    elif isinstance(error, SegmentsDifferError) and len(held.plan.get("segments", ())) > 1:
        pieces.in_one_piece(held)
    elif isinstance(error, EngineError) and not isinstance(error, DecoderFailedError):
        book.fail(held, error.code, error.facts)
    else:
        logger.error("run %s, attempt %s: %s", held.run_id, held.attempt, error, exc_info=error)
        book.attempt_failed(held, _code(error), counts=not isinstance(error, pieces.NoRoomError))


def _code(error: Exception) -> str:
    """Of what may go better another time, or on another machine."""
    if isinstance(error, DecoderFailedError):
        return error.code
    if isinstance(error, pieces.StorageError):
        return STORAGE_UNAVAILABLE
    full = isinstance(error, pieces.DiskFullError) or (
        isinstance(error, OSError) and workplaces.is_full(error)
    )
    return DISK_FULL if full else INTERNAL_ERROR
