"""The address that takes a part where storage is a local folder: what a presigned link is with S3.

A page that has checked who asks signs a link to one part of one object (`LocalParts.link`). Its holder needs
no session, and can send nothing else than that many bytes to that place.
"""

import errno
import time
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from echodepth import problems
from echodepth.errors import UserError
from echodepth.storage.chosen import part_store
from echodepth.storage.local import PIECE, SALT, LocalParts, PartBrokenOffError, PartReplacedError
from echodepth.storage.parts import LINK_LIFE, PART_SIZE

SWALLOWED = 2 * PART_SIZE
"""Bytes of a refused part that are read before the answer: a client that still sends may not see it."""
SWALLOW_SECONDS = 5.0
WRONG = "link_wrong"
"""Of whom nobody let in: nothing that they send is read."""
FULL = {errno.ENOSPC, errno.EDQUOT}


@csrf_exempt
@login_not_required
@require_http_methods(["PUT"])
def part(request: HttpRequest, token: str) -> HttpResponse:
    """Take the part that the token was signed for; its mark in the header ETag, as S3 answers."""
    try:
        etag = _received(request, token)
    except UserError as error:
        if error.code != WRONG:
            _swallow(request)
        return problems.answer(error.code, error.status, error.heading, error.sentence)
    return HttpResponse(headers={"ETag": f'"{etag}"', "Cache-Control": "no-store"})


part.reads_its_body = True  # type: ignore[attr-defined]  # see BodyLimit: the token says how much it takes


def _received(request: HttpRequest, token: str) -> str:
    """The part's mark; raises UserError with what the client is told."""
    key, parts_id, number, size = _read(token)
    store = part_store()
    if not isinstance(store, LocalParts):
        raise _wrong()  # signed before this installation's objects went elsewhere
    _check_length(request, size)
    try:
        return store.receive(key, parts_id, number, size, partial(_piece, request)).etag
    except PartBrokenOffError:
        raise _size_differs(size) from None
    except PartReplacedError:
        sentence = _("The same part is being sent again; that goes on, this one has ended.")
        raise UserError("part_replaced", sentence, status=409) from None
    except FileNotFoundError:
        sentence = _("This upload is finished, or was given up. Begin again.")
        raise UserError("upload_gone", sentence, status=404) from None
    except OSError as error:
        raise _broken(error) from error


def _read(token: str) -> tuple[str, str, int, int]:
    """Key, id, number and size; raises UserError `link_expired` or `link_wrong`, 403 as S3 answers them."""
    try:
        key, parts_id, number, size = signing.loads(token, salt=SALT, max_age=LINK_LIFE)
    except signing.SignatureExpired:
        sentence = _("This link has expired. Ask for a new one and send the part again.")
        raise UserError("link_expired", sentence, status=403) from None
    except signing.BadSignature:
        raise _wrong() from None
    return key, parts_id, number, size


def _check_length(request: HttpRequest, size: int) -> None:
    given = request.META.get("CONTENT_LENGTH") or ""
    if not given:
        sentence = _("Send the part with the header Content-Length.")
        raise UserError("length_required", sentence, status=411)
    if given != str(size):
        raise _size_differs(size)


def _piece(request: HttpRequest, size: int) -> bytes:
    try:
        return request.read(size)
    except UnreadablePostError:  # the client went away
        return b""


def _swallow(request: HttpRequest) -> None:
    left, until = SWALLOWED, time.monotonic() + SWALLOW_SECONDS
    while left > 0 and time.monotonic() < until and (piece := _piece(request, min(PIECE, left))):
        left -= len(piece)


def _wrong() -> UserError:
    sentence = _("This is no link that was given out here. Ask for a new one.")
    return UserError(WRONG, sentence, status=403)


def _size_differs(size: int) -> UserError:
    sentence = _("The part must be exactly the %(size)d bytes that the link is for.")
    return UserError("size_differs", sentence % {"size": size})


def _broken(error: OSError) -> UserError:
    if error.errno in FULL:
        sentence = _("The storage of this installation is full. Tell who runs it, and go on later.")
        return UserError("storage_full", sentence, status=507)
    sentence = _("The storage of this installation could not be reached. Try again in a moment.")
    return UserError("storage_unavailable", sentence, status=503)
