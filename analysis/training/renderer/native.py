"""Compiles the C renderer at first use and keeps it by a hash of its source."""

import ctypes
import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from analysis.training.errors import CompilerMissingError

_SOURCE = Path(__file__).with_name("raster.c")
_FLAGS = ("-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", "-std=c11")
_TIMEOUT = 120


@cache
def library() -> ctypes.CDLL:
    """The compiled renderer; raises CompilerMissingError without a C compiler that takes it."""
    source = _SOURCE.read_bytes()
    name = hashlib.sha256(source + " ".join(_FLAGS).encode()).hexdigest()[:16]
    built = _folder() / f"raster-{name}.so"
    if not built.exists():
        _compile(built)
    loaded = ctypes.CDLL(str(built))
    loaded.render_head.restype = ctypes.c_int
    return loaded


def _folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "echodepth"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _compile(target: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        raise CompilerMissingError("Rendering needs a C compiler named cc (Debian: build-essential).")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        draft = Path(folder) / target.name
        command = [compiler, *_FLAGS, "-o", str(draft), str(_SOURCE), "-lm"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
        if done.returncode:
            raise CompilerMissingError(f"cc refused the renderer: {done.stderr.strip()}")
        # Another process may build the same file at the same time: the last complete one wins.
        draft.replace(target)
