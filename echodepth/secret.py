"""The signing secret of the embedded default: made once, kept in the data folder."""

import os
import secrets
from pathlib import Path

from echodepth.env import SettingError


def secret_key(given: str, folder: Path) -> str:
    """`given`, or the key in `folder/secret-key`, which is made (mode 600) when it is not there.

    Raises SettingError where it can be neither read nor made.
    """
    if given:
        return given
    path = folder / "secret-key"
    try:
        if not path.exists():
            _make(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        shown = f'"{folder}" ({error.strerror})'
        raise SettingError("ECHODEPTH_DATA_FOLDER", shown, "a folder that can be written") from error


def _make(path: Path) -> None:
    """Written aside and linked into place whole: of two processes that start at once, one makes the key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(
        os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
    ) as handle:
        handle.write(secrets.token_urlsafe(50))
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
