"""The signing secret of the embedded default: made once, kept in the data folder."""

import secrets
from pathlib import Path


def secret_key(given: str, folder: Path) -> str:
    """`given`, or the key in `folder/secret-key`, which is made (mode 600) when it is not there."""
    if given:
        return given
    path = folder / "secret-key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as handle:
            path.chmod(0o600)
            handle.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()
