"""The repository's files, as Git would commit them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from echodepth.env import BASE_DIR


def files(*patterns: str) -> Iterator[Path]:
    """Tracked files, and new ones that are not ignored, matching Git's pathspecs."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=True).stdout
    for name in sorted(set(listed.split("\0")) - {""}):
        path = BASE_DIR / name
        if path.is_file():  # deleted, not yet committed
            yield path


def shown(path: Path) -> str:
    """The path as a message shows it."""
    return str(path.relative_to(BASE_DIR)) if path.is_relative_to(BASE_DIR) else path.name
