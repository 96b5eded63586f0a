"""Where a worker puts what it makes while it analyses: a folder of the lease's own in the data folder.

It holds what was measured of a face, so it goes with the work, and what a killed worker left is swept.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings

from analysis.enums import WORKING_STATES
from analysis.models import Run
from echodepth.tenancy import every_tenant


def root() -> Path:
    return Path(settings.DATA_FOLDER) / "work"


@contextmanager
def workplace(lease: UUID) -> Iterator[Path]:
    """A new, empty folder for the work under a lease, open to this user alone; gone afterwards."""
    folder = root() / str(lease)
    root().mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Remove the folders whose lease no run holds any more, in every organisation; how many there were.

    A lease that has run out but was not taken by another worker counts as held: the worker may only have been
    asleep, and renews it then.
    """
    found = {folder: lease for folder in _folders() if (lease := _lease(folder))}
    with every_tenant():
        working = Run.objects.filter(lease__in=list(found.values()), state__in=WORKING_STATES)
        held = set(working.values_list("lease", flat=True))
    stale = [folder for folder, lease in found.items() if lease not in held]
    for folder in stale:
        shutil.rmtree(folder, ignore_errors=True)
    return len(stale)


def _folders() -> list[Path]:
    return [path for path in root().iterdir() if path.is_dir()] if root().is_dir() else []


def _lease(folder: Path) -> UUID | None:
    """None for a folder that is not named as ours are."""
    try:
        return UUID(folder.name)
    except ValueError:
        return None
