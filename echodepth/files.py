"""Short-lived signed links: the only way to a stored file, and to what is made of one.

A page that has checked who asks signs a link to one file of one organisation and sends the client there. The
link needs no session, so that scripts and download managers can follow it; it says which kind of file of
which object is meant, in opaque ids alone, and is good for `LIFE`. What may be linked to, apps register: an
object's id in, its `StoredFile` out. The object is looked up again when the link is followed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import IO
from uuid import UUID

from django.core import signing
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from echodepth.errors import UserError
from echodepth.tenancy import current_tenant, tenant

LIFE = timedelta(seconds=60)
"""From the redirect to the first byte; a download that has begun goes on."""
SALT = "echodepth.files"
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
"""What is downloaded is read by no browser as a page of ours, and kept by none."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it is downloaded: an object of storage, or what `make` makes of it."""

    key: str
    """Where the object lies; empty where there is none (yet)."""
    name: str
    content_type: str
    make: Callable[[], IO[bytes]] | None = None


Find = Callable[[UUID], StoredFile]
"""Run in the organisation's scope; raises Http404 where it has no such object."""

_kinds: dict[str, Find] = {}


def register(kind: str, find: Find) -> None:
    """Announce a kind of file; its name becomes a part of links."""
    _kinds[kind] = find


def kinds() -> frozenset[str]:
    """What is registered."""
    return frozenset(_kinds)


def link(kind: str, object_id: UUID) -> str:
    """Address of the file of an object of the organisation in scope, for whom may have it.

    Raises Http404 where there is no such object, UserError `file_not_there` where it has no file and
    `storage_unavailable` where storage does not answer.
    """
    organisation_id = current_tenant()
    if organisation_id is None:
        raise RuntimeError("a link is made in an organisation's scope")
    _existing(organisation_id, kind, object_id)
    token = signing.dumps([kind, organisation_id.hex, object_id.hex], salt=SALT)
    return reverse("file", args=[token])


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says."""

    kind: str
    organisation_id: UUID
    object_id: UUID


def read_token(token: str) -> Link:
    """Raises Http404 for what we never signed, UserError `link_expired` for what is too old."""
    try:
        kind, organisation, key = signing.loads(token, salt=SALT, max_age=LIFE)
        return Link(kind, UUID(organisation), UUID(key))
    except signing.SignatureExpired:
        sentence = _("This link has expired. Go back to the page it was on and choose the file again.")
        raise UserError("link_expired", sentence, status=410) from None
    except signing.BadSignature:
        raise Http404 from None


def answer(found: Link) -> FileResponse:
    """The file as an attachment, looked up in its organisation's scope; raises as `link` does."""
    with tenant(found.organisation_id):
        file = _existing(found.organisation_id, found.kind, found.object_id)
        try:
            content = file.make() if file.make else default_storage.open(file.key)
        except FileNotFoundError:
            raise _not_there() from None
        except OSError as error:
            raise _unavailable() from error
    return FileResponse(
        content, as_attachment=True, filename=file.name, content_type=file.content_type, headers=HEADERS
    )


def _existing(organisation_id: UUID, kind: str, object_id: UUID) -> StoredFile:
    """The file, seen to be the organisation's own and to be there."""
    if kind not in _kinds:
        raise Http404
    file = _kinds[kind](object_id)
    if file.key and not file.key.startswith(f"{organisation_id}/"):
        raise RuntimeError(f"the key of a {kind} names another organisation")
    if not file.key or not _is_there(file.key):
        raise _not_there()
    return file


def _is_there(key: str) -> bool:
    try:
        return default_storage.exists(key)
    except OSError as error:
        raise _unavailable() from error


def _unavailable() -> UserError:
    sentence = _("The storage of this installation could not be reached. Try again in a moment.")
    return UserError("storage_unavailable", sentence, status=503)


def _not_there() -> UserError:
    sentence = _("This file is not there (yet). Go back and look at the page it was on.")
    return UserError("file_not_there", sentence, status=404)
