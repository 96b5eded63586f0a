"""The development clips, which lie beside the repository on developers' machines."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared"


def shared_clip(name: str) -> Path:
    """A clip's path; skips the test that asks when the folder is not there."""
    if not FOLDER.is_dir():
        pytest.skip("shared/ is absent")
    return FOLDER / "data" / "clips" / name
