"""Where a worker puts what it makes and fetches while it analyses: folders of its machine's data folder.

One is named for the lease it is worked under. It holds what was measured of a face, so it goes with the work.
One is named for the run, and holds the recording where storage is no folder of this machine, so that it is
fetched once a run, and not once a segment, as long as the disk has room: of runs that nobody here works on,
what was longest not used makes way for what is needed now. Passing ones hold what a short work needs. What
killed workers left is swept.
"""

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q

from analysis.domain import objects
from analysis.domain.work.tidying import OVER
from analysis.enums import WORKING_STATES, RunState, SegmentState
from analysis.models import Run, Segment
from echodepth.tenancy import tenant

LOOK_AGAIN_SECONDS = 0.2
PASSING = ".passing."
LOCK = "lock"
"""Held alone by who fetches a recording or removes it, and together by all who read it."""
KEPT = "kept"
MEDIA = (KEPT, "media")
"""The recording, and what there is of it while it is fetched."""
FULL_BYTES = 32 * 1024 * 1024
"""A disk with less than this left is why writing failed, also where an error does not say so."""

SPARE_BYTES = 512 * 1024 * 1024
"""Left free beside recordings that are fetched, for what work on them writes."""


def root() -> Path:
    return Path(settings.DATA_FOLDER) / "work"


@contextmanager
def workplace(organisation_id: UUID, lease: UUID) -> Iterator[Path]:
    """A new, empty folder for work under an organisation's lease, open to this user alone; then gone."""
    folder = root() / f"{organisation_id}.{lease}"
    _make(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def passing(name: str) -> Iterator[Path]:
    """A new folder of the work so named, open to this user alone; then gone.

    It is held by a lock file that goes with its process, and by no row: what a killed worker leaves is swept.
    """
    folder, lock = _held_folder(name)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.close()


@contextmanager
def media(
    key: str, size: int, organisation_id: UUID, run_id: UUID, tick: Callable[[], None]
) -> Iterator[Path]:
    """The recording of a run as a file: itself where storage is a folder, else a copy kept for the run.

    `size` is the object's in bytes. The copy is safe from making way while the context is open.
    `tick` is called while it is fetched, by this worker or by another of the machine, and may raise. Raises
    FileNotFoundError when the object is gone, another OSError when it cannot be had, or there is no room.
    """
    if _is_local():
        yield objects.local_file(key, root(), tick)
        return
    folder = _media_folder(organisation_id, run_id)
    _make(folder, exist_ok=True)
    with (folder / LOCK).open("wb") as lock:
        kept = folder / KEPT
        while not (_got(lock, fcntl.LOCK_SH) and kept.exists()):
            if not _got(lock, fcntl.LOCK_EX):  # another one fetches it
                tick()
                time.sleep(LOOK_AGAIN_SECONDS)
            elif not kept.exists():
                _fetch(key, size, folder, tick)
        os.utime(kept)
        yield kept


def forget_media(organisation_id: UUID, run_id: UUID) -> None:
    """Remove the copy of a run's recording, if there is one on this machine."""
    shutil.rmtree(_media_folder(organisation_id, run_id), ignore_errors=True)


def is_full(error: OSError) -> bool:
    """Whether writing failed because this machine's disk is full."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return full or (root().is_dir() and shutil.disk_usage(root()).free < FULL_BYTES)


def sweep() -> int:
    """Remove the folders whose lease or run is over, in every organisation; how many there were.

    A lease that has run out but was not taken by another worker counts as held: the worker may only have been
    asleep, and renews it then.
    """
    holders = {folder: holder for folder in _folders() if (holder := _holder(folder))}
    stale = [folder for folder, holder in holders.items() if not _is_held(*holder)]
    for folder in stale:
        shutil.rmtree(folder, ignore_errors=True)
    return len(stale) + sum(_swept(folder) for folder in _folders() if PASSING in folder.name)


def _is_local() -> bool:
    try:
        default_storage.path("")
    except NotImplementedError:
        return False
    return True


def _media_folder(organisation_id: UUID, run_id: UUID) -> Path:
    return root() / f"{organisation_id}.{run_id}"


def _make(folder: Path, *, exist_ok: bool = False) -> None:
    root().mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(mode=0o700, exist_ok=exist_ok)


def _held_folder(name: str) -> tuple[Path, BinaryIO]:
    while True:
        folder = root() / f"{name}{PASSING}{uuid4()}"
        _make(folder)
        with suppress(FileNotFoundError):  # the sweep may see it before it is held
            lock = (folder / LOCK).open("wb")
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (folder / LOCK).exists():
                return folder, lock
            lock.close()


def _swept(folder: Path) -> bool:
    """Remove a passing folder that nobody holds."""
    with suppress(FileNotFoundError), (folder / LOCK).open("ab") as lock:
        if _got(lock, fcntl.LOCK_EX):
            shutil.rmtree(folder, ignore_errors=True)
            return True
    return False


def _got(lock: BinaryIO, kind: int) -> bool:
    """Whether the lock could be had at once; a killed worker's goes with it. If not, none is held."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(lock, fcntl.LOCK_UN)  # a lock held before may or may not be lost: systems differ
        return False
    return True


def _fetch(key: str, size: int, folder: Path, tick: Callable[[], None]) -> None:
    """Into a folder whose lock is held alone."""
    _make_room(size)
    try:
        objects.local_file(key, folder, tick).rename(folder / KEPT)
    except BaseException:
        _remove_media(folder)  # half of it is of no use, and may fill the disk
        raise


def _make_room(size: int) -> None:
    """Remove recordings that nobody uses, longest unused first, until there is room; OSError without."""
    for folder in sorted(_folders(), key=_used_at):
        if _has_room(size):
            return
        _make_way(folder)
    if not _has_room(size):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _has_room(size: int) -> bool:
    return shutil.disk_usage(root()).free >= size + SPARE_BYTES


def _used_at(folder: Path) -> float:
    times = [0.0]
    for name in MEDIA:
        with suppress(OSError):
            times.append((folder / name).stat().st_mtime)
    return max(times)


def _make_way(folder: Path) -> None:
    """The folder and its lock stay: who waits for the lock would otherwise hold one that nobody else sees."""
    with suppress(OSError), (folder / LOCK).open("rb+") as lock:
        if _got(lock, fcntl.LOCK_EX):
            _remove_media(folder)


def _remove_media(folder: Path) -> None:
    for name in MEDIA:
        (folder / name).unlink(missing_ok=True)


def _folders() -> list[Path]:
    return [path for path in root().iterdir() if path.is_dir()] if root().is_dir() else []


def _holder(folder: Path) -> tuple[UUID | None, UUID] | None:
    """Organisation, and lease or run, that a folder is named for; None for one that is not named as ours are.

    Folders of versions up to 0.1 name no organisation; no worker of those is left.
    """
    organisation_id, _dot, key = folder.name.rpartition(".")
    try:
        return UUID(organisation_id) if organisation_id else None, UUID(key)
    except ValueError:
        return None


def _is_held(organisation_id: UUID | None, key: UUID) -> bool:
    if organisation_id is None:
        return False
    with tenant(organisation_id):
        segment = Segment.objects.filter(lease=key, state=SegmentState.WORKING)
        run = Run.objects.filter(Q(pk=key) | Q(lease=key, state__in=WORKING_STATES))
        # A recording is read no more once its faces are known, and people may take days to say who is who.
        run = run.exclude(state__in={*OVER, RunState.ASSIGNING})
        return segment.exclude(run__state__in=OVER).exists() or run.exists()
