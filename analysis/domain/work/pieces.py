"""The three kinds of work a worker does at a run, each from a claim to the row that says it is done."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from analysis.domain import assignments, cohorts, neutrals, objects, wanted
from analysis.domain.summary import media_facts, summary
from analysis.domain.work import leases, runs, segments, spools, workplaces
from analysis.domain.work.engine import Engine
from analysis.domain.work.heartbeat import Heartbeat, Held, Renewal
from analysis.engine import result as result_file
from analysis.engine.analyse import FRAMES_FILE, Config
from analysis.engine.model_card import ModelCard
from analysis.engine.neutral_choice import Given, Kept, Span
from analysis.engine.probe import Limits
from analysis.engine.result_types import AnalysisResult
from analysis.engine.segments import Part, Plan, SegmentsDifferError
from analysis.enums import RunState
from analysis.models import Recording

logger = logging.getLogger(__name__)

RESULT_FILE = "result.json"

T = TypeVar("T")


class StorageError(Exception):
    """The result could not be stored, or what it takes not fetched; worth another attempt."""


class DiskFullError(Exception):
    """The disk of this machine took no more; worth another attempt, perhaps on another one."""


class NoRoomError(DiskFullError):
    """The recording could not be fetched for that: nothing was tried yet, so it is no attempt."""


class MediaMissingError(Exception):
    """The recording's object is not in storage."""


def begin(held: runs.Claim, engine: Engine) -> None:
    """Probe a run's recording and lay it out in segments; one that is not cut is seen through at once.

    Nothing is done where something is missing by now (`wanted.may_go_on`).

    Unless who is in it must be told before it is scored: then it is one segment, whose spool lies in storage
    meanwhile.
    """
    if not leases.patiently(lambda: wanted.may_go_on(held.run_id)):
        return
    heartbeat = Heartbeat(held)
    heartbeat.tick(RunState.PROBING)
    config = _config(held)
    recording = Recording.objects.get(pk=held.recording_id)
    tick = partial(heartbeat.tick, RunState.PROBING)
    with (
        workplaces.workplace(held.organisation_id, held.lease) as folder,
        Renewal(held),
        _media(held, recording, tick) as media,
    ):
        if held.plan:
            plan = Plan.from_json(dict(held.plan))
        else:
            plan = engine.plan(media, _limits(), recording.sha256, tick)
        if len(plan.segments) > 1 or config.who:
            cuts = plan.segments
            frames = [cut.frames or 0 for cut in cuts] if len(cuts) > 1 else [plan.frames or 0]
            leases.patiently(lambda: segments.cut(held, plan.to_json(), frames))
            return
        place = _place(folder)
        facts = engine.run_segment(media, place, plan, 0, _limits(), heartbeat)
        _score(held, engine, plan, [(place, facts)], config, folder, heartbeat)


def segment(held: segments.Claim, engine: Engine) -> None:
    """Take one segment of a run through pass 1."""
    heartbeat = Heartbeat(held)
    heartbeat.tick(RunState.ANALYSING)
    recording = Recording.objects.get(pk=held.recording_id)
    with (
        workplaces.workplace(held.organisation_id, held.lease) as folder,
        Renewal(held),
        _media(held, recording, partial(heartbeat.tick, RunState.ANALYSING)) as media,
    ):
        plan, place = Plan.from_json(dict(held.plan)), _place(folder)
        facts = engine.run_segment(media, place, plan, held.number, _limits(), heartbeat)
        if facts.damaged:
            raise SegmentsDifferError(f"segment {held.number} is not as planned")
        key = spools.key(held)
        with _undone(lambda: objects.erase(key)) as undo:
            _stored(lambda: spools.send(held, place))
            told = facts.to_json()
            if leases.patiently(
                lambda: segments.finish(held, key, told) or segments.kept(held.segment_id, key)
            ):
                undo.pop_all()


def score(held: runs.Claim, engine: Engine) -> None:
    """Put a run's segments together, score them and store the result; or wait to be told who is who.

    Nothing is done where something is missing by now.
    """
    if not leases.patiently(lambda: wanted.may_go_on(held.run_id)):
        return
    heartbeat = Heartbeat(held)
    heartbeat.tick(RunState.SCORING)
    config = _config(held)
    with workplaces.workplace(held.organisation_id, held.lease) as folder, Renewal(held):
        tick = partial(heartbeat.tick, RunState.SCORING)
        parts = _fetched(spools.parts(held.run_id, folder / "parts", tick))
        try:
            _score(held, engine, Plan.from_json(dict(held.plan)), parts, config, folder, heartbeat)
        except assignments.UnassignedError as unassigned:
            people = unassigned.people
            leases.patiently(lambda: runs.wait_for_people(held, people))


def in_one_piece(held: Held) -> None:
    """Do a run anew in one piece, whose segments do not make up the recording."""
    logger.warning("run %s: its segments do not fit together; it is done in one piece", held.run_id)
    plan = Plan.from_json(dict(held.plan)).in_one_piece.to_json()
    leases.patiently(lambda: segments.in_one_piece(held, plan))


def _config(held: runs.Claim) -> Config:
    """What the run was told, with the limits of this installation."""
    cohort = cohorts.chosen(held.cohort, ModelCard.load()) if held.cohort else None
    return Config(_limits(), _neutral(held), cohort, assignments.asked(held.run_id))


def _limits() -> Limits:
    return Limits(max_seconds=settings.MAX_SECONDS)


def _neutral(held: runs.Claim) -> Given | None:
    if held.neutral:
        return Span(*held.neutral)
    if held.kept_neutral is None:
        return None
    kept = held.kept_neutral
    return Kept(_stored(lambda: neutrals.kept_result(kept)))


def _place(folder: Path) -> Path:
    """A folder for pass 1 alone: what decodes the file may write there and nowhere else."""
    place = folder / "pass1"
    place.mkdir()
    return place


@contextmanager
def _media(held: Held, recording: Recording, tick: Callable[[], None]) -> Iterator[Path]:
    kept = workplaces.media(recording.storage_key, recording.size, held.organisation_id, held.run_id, tick)
    with ExitStack() as stack:
        try:
            path = stack.enter_context(kept)
        except FileNotFoundError as error:
            raise MediaMissingError from error
        except OSError as error:
            raise (NoRoomError if workplaces.is_full(error) else StorageError) from error
        yield path


def _fetched(parts: Iterable[Part]) -> Iterator[Part]:
    try:
        yield from parts
    except OSError as error:
        raise _storage_error(error) from error


def _score(
    held: runs.Claim,
    engine: Engine,
    plan: Plan,
    parts: Iterable[Part],
    config: Config,
    folder: Path,
    heartbeat: Heartbeat,
) -> None:
    result = engine.finish(plan, parts, folder, heartbeat, config)
    (folder / RESULT_FILE).write_text(result_file.to_json(result), encoding="utf-8")
    _store(held, folder, result)


def _store(held: runs.Claim, folder: Path, result: AnalysisResult) -> None:
    """Keep what was found if the lease still holds at the end, else nothing."""
    # The lease is in the key, so a worker that lost it can only ever touch objects of its own.
    prefix = f"{objects.run_folder(held.organisation_id, held.run_id)}/{held.lease}"
    with _undone(lambda: objects.erase_folder(prefix)) as undo:
        keys = {
            name: _stored(partial(objects.store, f"{prefix}/{name}", folder / name))
            for name in (FRAMES_FILE, RESULT_FILE)
        }
        outcome = runs.Outcome(
            engine_version=result.engine_version,
            media_facts=media_facts(result.media, result),
            summary=summary(result),
            result_key=keys[RESULT_FILE],
            frames_key=keys[FRAMES_FILE],
            frames=result.frames,
            cohort_version=result.cohort.version if result.cohort else "",
            withheld=[track.track for track in result.tracks if track.withheld],
        )
        if leases.patiently(
            lambda: runs.complete(held, outcome) or runs.kept(held.run_id, outcome.result_key)
        ):
            undo.pop_all()


@contextmanager
def _undone(undo: Callable[[], None]) -> Iterator[ExitStack]:
    """Call `undo` at the end, unless the stack is emptied or nobody can say whether what was done holds."""
    with ExitStack() as stack:
        stack.callback(_tried, undo)
        try:
            yield stack
        except leases.AWAY:
            stack.pop_all()
            raise


def _tried(erase: Callable[[], None]) -> None:
    try:
        erase()
    except OSError:
        logger.warning(
            "could not take back what was stored: it goes when the run is over, or, if its recording is "
            "deleted by then, with `manage.py verify_storage --delete-orphans`",
            exc_info=True,
        )


def _stored(work: Callable[[], T]) -> T:
    try:
        return work()
    except OSError as error:
        raise _storage_error(error) from error


def _storage_error(error: OSError) -> Exception:
    return DiskFullError() if workplaces.is_full(error) else StorageError()
