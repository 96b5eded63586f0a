"""How each kind of thing is erased: each app registers steps, and an erasure takes them one chunk at a time.

A step erases one small chunk and answers whether there was one; objects in storage go before the rows that
point to them, so that whoever goes on after a crash still finds what is left. A step of a project goes
through its recordings with `advance(job.of("recording", pk))`, so each thing is taken apart in one place.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum
from uuid import UUID

from accounts.enums import DataClass
from accounts.models import Erasure

EVERYTHING = ""
"""Instead of a data class: all there is."""


class Order(IntEnum):
    """When a step's turn is among those of its kind."""

    STOP = 0
    """What works on it stops."""
    WITHIN = 10
    """What it holds that has a kind of its own."""
    OBJECTS = 20
    ROWS = 30
    ITSELF = 40


@dataclass(frozen=True, slots=True)
class Job:
    """What is to go now, and the erasure that it goes in."""

    erasure: Erasure
    kind: str
    object_id: UUID
    data_class: str = EVERYTHING

    def of(self, kind: str, object_id: UUID) -> "Job":
        """The same, of something that this holds."""
        return replace(self, kind=kind, object_id=object_id)


class HeldError(Exception):
    """A legal hold forbids it."""


class NotYetError(Exception):
    """It cannot go before a while: somebody who is not to be heard of any more may still be writing."""

    def __init__(self, rest: timedelta) -> None:
        super().__init__(rest)
        self.rest = rest


Step = Callable[[Job], bool]
"""Runs in the tenant's scope; False where there was nothing (left). Raises NotYetError, HeldError, or OSError
of storage. Rows are deleted inside `things.writing(job)`, with a `things.note` of each."""

_steps: dict[str, list[tuple[int, Collection[str], Step]]] = {}


def register(
    kind: str, step: Step, order: int, classes: Collection[DataClass] = (), *, everything: bool = True
) -> None:
    """Announce how something of a kind goes: with everything, and where a policy ends one of `classes`."""
    wanted = {str(one) for one in classes} | ({EVERYTHING} if everything else set())
    steps = _steps.setdefault(kind, [])
    steps.append((order, frozenset(wanted), step))
    steps.sort(key=lambda entry: entry[0])


def is_known(kind: str, data_class: str = EVERYTHING) -> bool:
    return any(data_class in classes for _order, classes, _step in _steps.get(kind, ()))


def advance(job: Job) -> bool:
    """Erase one more chunk; False once there is none."""
    steps = [step for _order, classes, step in _steps.get(job.kind, ()) if job.data_class in classes]
    return any(step(job) for step in steps)
