"""Where engine and database meet: one claimed run from its stored media to its stored result."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from analysis.domain import cohorts, neutrals, objects, runs
from analysis.domain.heartbeat import Heartbeat, Renewal
from analysis.domain.interrupt import stop_asked
from analysis.domain.summary import media_facts, summary
from analysis.domain.workplaces import workplace
from analysis.engine import result as result_file
from analysis.engine.analyse import FRAMES_FILE, Config, analyse
from analysis.engine.errors import CancelledError, EngineError
from analysis.engine.model_card import ModelCard
from analysis.engine.neutral_choice import Given, Kept, Span
from analysis.engine.probe import Limits
from analysis.engine.result_types import AnalysisResult, Progress
from analysis.engine.runtime import Models, load_models
from analysis.enums import RunState
from analysis.models import Recording

logger = logging.getLogger(__name__)

INTERNAL_ERROR = "internal_error"
STORAGE_UNAVAILABLE = "storage_unavailable"
MEDIA_MISSING = "media_missing"
RESULT_FILE = "result.json"

Engine = Callable[[Path, Path, Progress, Config], AnalysisResult]
"""Analyses a file as configured; leaves `frames.parquet` in the folder."""


class _StorageError(Exception):
    """The result could not be stored, or what it takes not fetched; worth another attempt."""


class _MediaMissingError(Exception):
    """The recording's object is not in storage."""


def run_engine(path: Path, folder: Path, progress: Progress, config: Config) -> AnalysisResult:
    """The engine with this installation's models."""
    return analyse(path, folder, _models(), config, progress)


def execute(run_id: UUID, engine: Engine = run_engine) -> None:
    """Claim a run and see it through; returns at once when there is nothing to claim.

    Whatever happens ends on the run's row: this is a task's outermost border.
    """
    held = None if stop_asked.is_set() else runs.claim(run_id)
    if held is None:
        return
    try:
        _work(held, engine)
    except CancelledError:
        # Either the worker must stop, or the lease is void, and then nothing is written.
        runs.release(held)
    except _MediaMissingError:
        runs.fail(held, MEDIA_MISSING, {})
    except EngineError as error:
        runs.fail(held, error.code, error.facts)
    except _StorageError:
        logger.exception("run %s, attempt %s: storage", held.run_id, held.attempt)
        runs.attempt_failed(held, STORAGE_UNAVAILABLE)
    except Exception:
        logger.exception("run %s, attempt %s", held.run_id, held.attempt)
        runs.attempt_failed(held, INTERNAL_ERROR)


def _work(held: runs.Claim, engine: Engine) -> None:
    heartbeat = Heartbeat(held)
    heartbeat.tick(RunState.PROBING)
    recording = Recording.objects.get(pk=held.recording_id)
    with workplace(held.lease) as folder, Renewal(held):
        media = _fetch(recording, folder, heartbeat)
        result = engine(media, folder, heartbeat, _config(held))
        _store(held, folder, result)


def _config(held: runs.Claim) -> Config:
    """What the run was told, with the limits of this installation."""
    cohort = cohorts.chosen(held.cohort, ModelCard.load()) if held.cohort else None
    return Config(Limits(max_seconds=settings.MAX_SECONDS), _neutral(held), cohort)


def _neutral(held: runs.Claim) -> Given | None:
    if held.neutral:
        return Span(*held.neutral)
    if held.kept_neutral is None:
        return None
    try:
        return Kept(neutrals.kept_result(held.kept_neutral))
    except OSError as error:
        raise _StorageError from error


def _fetch(recording: Recording, folder: Path, heartbeat: Heartbeat) -> Path:
    try:
        return objects.local_file(recording.storage_key, folder, lambda: heartbeat.tick(RunState.PROBING))
    except FileNotFoundError as error:
        raise _MediaMissingError from error
    except OSError as error:
        raise _StorageError from error


def _store(held: runs.Claim, folder: Path, result: AnalysisResult) -> None:
    """Keep what was found if the lease still holds at the end, else nothing."""
    # The lease is in the key, so a worker that lost it can only ever touch objects of its own.
    prefix = f"{objects.run_folder(held.organisation_id, held.run_id)}/{held.lease}"
    (folder / RESULT_FILE).write_text(result_file.to_json(result), encoding="utf-8")
    with ExitStack() as undo:
        undo.callback(objects.erase_folder, prefix)
        keys = {name: _put(f"{prefix}/{name}", folder / name) for name in (FRAMES_FILE, RESULT_FILE)}
        outcome = runs.Outcome(
            engine_version=result.engine_version,
            media_facts=media_facts(result.media, result),
            summary=summary(result),
            result_key=keys[RESULT_FILE],
            frames_key=keys[FRAMES_FILE],
            frames=result.frames,
            cohort_version=result.cohort.version if result.cohort else "",
        )
        if runs.complete(held, outcome):
            undo.pop_all()


def _put(key: str, path: Path) -> str:
    try:
        return objects.store(key, path)
    except OSError as error:
        raise _StorageError from error


@cache
def _models() -> Models:
    """Once a worker process, after the fork: sessions do not survive it."""
    return load_models(settings.MODELS_FOLDER)
