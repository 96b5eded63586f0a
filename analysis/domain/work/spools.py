"""What pass 1 found of a segment, on its way through storage to the worker that scores the run.

It is the geometry of a face, so it goes when the run is over, whatever its end
(`analysis.domain.work.tidying`).
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

from analysis.domain import objects
from analysis.domain.work.segments import Claim
from analysis.engine import spool_parts
from analysis.engine.segments import SPOOL, Part, SegmentFacts, SegmentsDifferError
from analysis.engine.spool_parts import SpoolDamagedError
from analysis.models import Segment


def key(held: Claim) -> str:
    """The lease is in it, so two workers of one segment never touch each other's."""
    folder = objects.run_folder(held.organisation_id, held.run_id)
    return f"{folder}/spools/{held.number}.{held.lease}"


def send(held: Claim, folder: Path) -> str:
    """Store the spool that pass 1 left in the folder; the key under which it lies."""
    packed = folder / "packed"
    spool_parts.pack(folder / SPOOL, packed)
    try:
        return objects.store(key(held), packed)
    finally:
        packed.unlink()


def parts(run_id: UUID, folder: Path, tick: Callable[[], None]) -> Iterator[Part]:
    """The run's segments in order, each fetched into the folder when it is asked for.

    `tick` is called often while they are fetched, and may raise. Raises OSError where storage does not give
    one, SegmentsDifferError where one is damaged.
    """
    rows = Segment.objects.filter(run_id=run_id).order_by("number")
    for number, spool_key, facts in rows.values_list("number", "spool_key", "facts"):
        tick()
        place = folder / str(number)
        place.mkdir(parents=True)
        packed = objects.local_file(spool_key, place, tick)
        try:
            spool_parts.unpack(packed, place / SPOOL)
        except SpoolDamagedError as error:
            raise SegmentsDifferError(f"spool {number}: {error}") from error
        if packed.parent == place:
            packed.unlink()
        yield place, SegmentFacts.from_json(facts)
