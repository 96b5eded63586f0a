"""What parent and child say to each other: JSON, one message a line.

The child may have been taken over by the file it reads: what it says is read as carefully as a request from
the network, and nothing of it is believed that the parent can know better.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from analysis.confined.errors import DecoderFailedError, Reason
from analysis.engine import errors
from analysis.engine.errors import EngineError
from analysis.engine.types import MediaInfo, fraction_of

if TYPE_CHECKING:
    from analysis.engine.segments import Cut, Plan, SegmentFacts

LONGEST_MESSAGE = 8 << 20
"""Bytes; a plan of three hours in the shortest segments has a hundredth of it."""
LONGEST_NAME = 64
"""Signs of a container's or codec's name."""
MOST, MOST_COUNT = 2**63, 2**31
"""What a timestamp and a count of frames stay under; they go into the database."""
FACT = re.compile(r"(?!self$)[a-z_]{1,30}")
"""How facts of errors are named."""
MOST_SEGMENTS = 50_000
MOST_CHECKSUMS = 1000
KNOWN: dict[str, type[EngineError]] = {
    kind.code: kind
    for kind in (*vars(errors).values(), DecoderFailedError)
    if isinstance(kind, type) and issubclass(kind, EngineError) and kind is not EngineError
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a child may take."""

    memory: int
    """Bytes of its own."""
    cpu_seconds: int
    file_bytes: int
    """Of any file it writes; twice as much of all of them."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a child is to do, and with what."""

    call: str
    arguments: Mapping[str, Any]
    bounds: Bounds
    read: tuple[str, ...] = ()
    """Files and folders that it reads beside the media and code."""
    write: tuple[str, ...] = ()
    """Folders below which it may write."""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """What `asdict` gave, as JSON gives it back."""
        return cls(**{**said, "bounds": Bounds(**said["bounds"])})


def line(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def message(content: bytes) -> dict[str, Any]:
    """What a line says; raises DecoderFailedError when it is none of ours."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or len(said) != 1:
        raise DecoderFailedError(reason=Reason.OUTPUT)
    return said


def told(said: Any) -> tuple[str, int, int | None]:
    """Stage, frames done, of how many; raises DecoderFailedError."""
    if isinstance(said, list) and len(said) == 3:
        stage, done, total = said
        if stage == "analysing" and _count(done) and (total is None or _count(total)):
            return stage, done, total
    raise DecoderFailedError(reason=Reason.OUTPUT)


def refusal(said: Any) -> EngineError:
    """The engine's error that the child met; of its facts, numbers and short words."""
    code, facts = (said.get("code"), said.get("facts")) if isinstance(said, dict) else (None, None)
    kind = KNOWN.get(str(code))
    if kind is None or not isinstance(facts, dict):
        return DecoderFailedError(reason=Reason.OUTPUT)
    plain = {name: fact for name, fact in facts.items() if FACT.fullmatch(name) and _fact(fact)}
    return kind(**plain)


def plain_info(info: MediaInfo) -> dict[str, Any]:
    return asdict(info) | {
        "frame_rate": str(info.frame_rate) if info.frame_rate is not None else None,
        "time_base": str(info.time_base),
    }


def info_of(said: Any, sha256: str, size: int) -> MediaInfo:
    """What the child found; checksum and size are the caller's own. Raises DecoderFailedError."""
    try:
        info = MediaInfo(
            sha256=sha256,
            size=size,
            container=_name(said["container"]),
            codec=_name(said["codec"]),
            width=_side(said["width"]),
            height=_side(said["height"]),
            rotation=said["rotation"],
            frame_rate=None if said["frame_rate"] is None else fraction_of(said["frame_rate"]),
            time_base=fraction_of(said["time_base"]),
            duration=None if said["duration"] is None else float(said["duration"]),
            has_audio=said["has_audio"] is True,
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise DecoderFailedError(reason=Reason.OUTPUT) from error
    if info.rotation not in {0, 90, 180, 270} or not math.isfinite(info.duration or 0):
        raise DecoderFailedError(reason=Reason.OUTPUT)
    return info


def check_plan(plan: "Plan") -> None:
    """Raises DecoderFailedError where it is none that our engine makes; it goes into the database."""
    cuts = plan.segments
    first, right = 0, 0 < len(cuts) <= MOST_SEGMENTS
    for place, cut in enumerate(cuts):
        right = right and _cut(cut, place, len(cuts)) and cut.first_frame == first
        first += (cut.frames or 0) if right else 0
    if not right:
        raise DecoderFailedError(reason=Reason.OUTPUT)


def _cut(cut: "Cut", place: int, segments: int) -> bool:
    frames_are_told = _count(cut.frames) and cut.frames != 0
    stamps = (cut.start, cut.stop, cut.lead, cut.key, cut.key_dts)
    return (
        cut.number == place
        and _count(cut.first_frame)
        and (frames_are_told if segments > 1 else cut.frames is None)
        and all(stamp is None or (type(stamp) is int and abs(stamp) < MOST) for stamp in stamps)
    )


def check_facts(facts: "SegmentFacts", number: int) -> None:
    """As `check_plan`."""
    times = (facts.start_time, facts.end_time)
    right = (
        facts.number == number
        and _count(facts.first_frame)
        and _count(facts.frames)
        and all(type(time) is float and math.isfinite(time) for time in times)
        and {type(facts.truncated), type(facts.damaged)} == {bool}
        and len(facts.lead) + len(facts.tail) <= MOST_CHECKSUMS
        and all(type(one) is int and 0 <= one < MOST for one in (*facts.lead, *facts.tail))
    )
    if not right:
        raise DecoderFailedError(reason=Reason.OUTPUT)


def _count(number: Any) -> bool:
    return type(number) is int and 0 <= number < MOST_COUNT


def _fact(fact: Any) -> bool:
    short = isinstance(fact, str) and len(fact) <= LONGEST_NAME and fact.isprintable()
    return short or _count(fact) or (isinstance(fact, float) and math.isfinite(fact))


def _name(said: Any) -> str:
    if not isinstance(said, str) or len(said) > LONGEST_NAME or not said.isprintable():
        raise ValueError
    return said


def _side(said: Any) -> int:
    if not _count(said) or not said:
        raise ValueError
    return int(said)
