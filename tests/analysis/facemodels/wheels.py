"""A package index of one folder, and wheels small enough to make for a test."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from analysis.facemodels.fetch import WHEEL, PinnedWheel

FILE_NAME = f"{WHEEL.name}-{WHEEL.version}-cp311-cp311-manylinux_2_28_x86_64.whl"


def use_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pip know no other source than `folder`."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)


def make_wheel(folder: Path) -> PinnedWheel:
    """An empty wheel under the real one's name, with its own hash as the pin."""
    about = f"{WHEEL.name}-{WHEEL.version}.dist-info"
    path = folder / FILE_NAME
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {WHEEL.name}\nVersion: {WHEEL.version}\n"
        )
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: cp311-cp311-manylinux_2_28_x86_64\n")
        archive.writestr(f"{about}/RECORD", "")
    return PinnedWheel(
        WHEEL.name,
        WHEEL.version,
        WHEEL.platform,
        WHEEL.python,
        WHEEL.abi,
        hashlib.sha256(path.read_bytes()).hexdigest(),
    )
