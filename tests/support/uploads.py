"""Recordings on their way in, for tests."""

from io import BytesIO
from typing import Any

from accounts.models import Membership
from analysis.domain.intake import incoming
from analysis.domain.intake.uploads import Announced
from analysis.models import Upload
from echodepth.storage.chosen import part_store
from tests.support.people import actor

PART = 1024
"""Bytes of a part in tests; the local folder takes any."""


def another(clip: bytes, number: int = 1) -> bytes:
    """The same pictures in a file of other content: players do not mind a tail."""
    return clip + (16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big")


def member_at(place: Any, user: Any = None) -> Any:
    """The tenant's analyst at work, inside the scope."""
    memberships = Membership.objects.select_related("organisation", "user")
    return actor(memberships.get(user=user or place.user))


def announce(place: Any, size: int = 3, **told: Any) -> Upload:
    """Announced by the tenant's analyst; in parts of `PART` bytes."""
    more = {key: told.pop(key) for key in ("sha256", "client_key") if key in told}
    said = Announced(**{"name": "a.mp4"} | told)
    upload = incoming.announce(place.user, place.project, said, size, **more)
    upload.part_size = PART
    upload.save()
    return upload


def receive(upload: Upload, content: bytes, length: int | None = None) -> None:
    """In one piece."""
    incoming.receive(upload, BytesIO(content), len(content) if length is None else length)


def send_part(upload: Upload, number: int, content: bytes) -> None:
    """As if it came through a link; `content` is the part's own."""
    incoming.links(upload, [number])
    piece = BytesIO(content)
    part_store().receive(  # type: ignore[attr-defined]  # the local folder's
        upload.storage_key, upload.parts_id, number, len(content), piece.read
    )


def send_parts(upload: Upload, content: bytes, leave_out: tuple[int, ...] = ()) -> None:
    """All of it, the last part first."""
    for number in range(len(incoming.parts_of(upload)), 0, -1):
        if number not in leave_out:
            send_part(upload, number, content[(number - 1) * PART : number * PART])
