"""The calls: as the engine's of the same names, each in a child of its own."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.confined import wire
from analysis.confined.errors import DecoderFailedError, Reason
from analysis.confined.supervise import Heard, Patience, call
from analysis.confined.wire import Bounds, Task
from analysis.engine.errors import EmptyFileError
from analysis.engine.probe import Limits
from analysis.engine.result_types import Progress
from analysis.engine.types import MediaInfo

if TYPE_CHECKING:
    from analysis.engine.segments import Plan, SegmentFacts

MIB = 1 << 20
LOOKING_BYTES, SEGMENT_BYTES = 1024 * MIB, 3072 * MIB
"""Memory of a child. One picture of the largest size takes 50 MB; a decoder keeps up to 17, of up to twice
the bytes, and six wait for the networks."""
PROBE_SECONDS = 30.0
SILENT_SECONDS = 120.0
"""A segment that does not come one step (64 frames) further in this time is ended; see `_silence`."""
FULL_HD = 1920 * 1080
BYTES_A_SECOND = 20e6
"""A plan reads the whole file: what the slowest storage worth having gives."""
CPU_SECONDS_AT_LEAST, CPU_SECONDS_A_FRAME = 600, 1
"""A segment's: fifty times what a frame of 1280 x 720 takes (docs/benchmarks.md)."""
MOST_FRAMES_A_SECOND = 60
"""Where nobody knows how many frames there are."""
BYTES_A_FRAME = 64 << 10
"""In the largest file of the spool, with as many faces as are followed."""

Alive = Callable[[], None]


def probe(path: Path, limits: Limits, sha256: str, alive: Alive | None = None) -> MediaInfo:
    """The engine's `probe`; `sha256` is what the caller found, who has read every byte of it.

    `alive` is called at least four times a second, and may raise CancelledError. Raises what the engine's
    does, and DecoderFailedError.
    """
    size = _size(path)
    said = call(
        Task("probe", {"limits": asdict(limits)}, _looking(PROBE_SECONDS)),
        path,
        Patience(PROBE_SECONDS, PROBE_SECONDS),
        _heard(alive),
    )
    return wire.info_of(said, sha256, size)


def plan(
    path: Path, limits: Limits, frames_a_segment: int | None, sha256: str, alive: Alive | None = None
) -> "Plan":
    """The engine's `plan`; the rest as in `probe`."""
    from analysis.engine.segments import Plan  # noqa: PLC0415 - the child imports this module too, and must

    # not load the networks' runtime, which starts a thread, before it is cut off.
    size = _size(path)
    seconds = SILENT_SECONDS + size / BYTES_A_SECOND
    said = call(
        Task("plan", {"limits": asdict(limits), "frames": frames_a_segment}, _looking(seconds)),
        path,
        Patience(seconds, seconds),
        _heard(alive),
    )
    found: Plan = _read(Plan.from_json, said)
    wire.check_plan(found)
    return replace(found, info=wire.info_of(wire.plain_info(found.info), sha256, size))


def run_segment(
    path: Path, folder: Path, plan: "Plan", number: int, models: Path, limits: Limits, progress: Progress
) -> "SegmentFacts":
    """The engine's `run_segment` with the networks in the folder `models`.

    The child may write anything below `folder`, which must be there, and nowhere else. `progress` is called
    at least four times a second, with the last step again where there is no new one; when it raises, the
    child is killed. Raises what the engine's does, DecoderFailedError, and OSError for a full disk.
    """
    from analysis.engine.segments import SegmentFacts  # noqa: PLC0415

    writable, networks = str(folder.resolve()), str(models.resolve())
    arguments = {
        "limits": asdict(limits),
        "folder": writable,
        "plan": plan.to_json(),
        "number": number,
        "models": networks,
    }
    bounds = _working(plan, number, limits)
    task = Task("run_segment", arguments, bounds, read=(networks,), write=(writable,))
    facts: SegmentFacts = _read(
        SegmentFacts.from_json, call(task, path, Patience(_silence(plan.info)), progress)
    )
    wire.check_facts(facts, number)
    return facts


def _looking(seconds: float) -> Bounds:
    return Bounds(memory=LOOKING_BYTES, cpu_seconds=round(seconds), file_bytes=0)


def _working(plan: "Plan", number: int, limits: Limits) -> Bounds:
    frames = next(cut.frames for cut in plan.segments if cut.number == number)
    frames = frames or round(limits.max_seconds * MOST_FRAMES_A_SECOND)
    seconds = CPU_SECONDS_AT_LEAST + CPU_SECONDS_A_FRAME * frames
    return Bounds(memory=SEGMENT_BYTES, cpu_seconds=seconds, file_bytes=MIB + BYTES_A_FRAME * frames)


def _silence(info: MediaInfo) -> float:
    """Seconds; more for pictures larger than Full HD, which a busy machine may take long over."""
    return SILENT_SECONDS * max(1.0, info.width * info.height / FULL_HD)


def _size(path: Path) -> int:
    size = path.stat().st_size
    if not size:
        raise EmptyFileError
    return size


def _heard(alive: Alive | None) -> Heard:
    return lambda *_state: alive() if alive else None


def _read(reader: Callable[[Any], Any], said: Any) -> Any:
    try:
        return reader(said)
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise DecoderFailedError(reason=Reason.OUTPUT) from error
