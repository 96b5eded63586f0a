"""Headers of static files that differ from those of all other answers."""

from pathlib import PurePosixPath
from wsgiref.headers import Headers

_CARD = "specimen/card*.png"
"""With or without the hash that collecting puts into its name."""


def let_the_card_be_shown(headers: Headers, path: str, _url: str) -> None:
    """Other sites may show the picture of a link to us, and no other file."""
    if PurePosixPath(path).match(_CARD):
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
