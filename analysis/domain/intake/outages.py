"""Storage that cannot be reached, as people and programs are told of it."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from echodepth.errors import UserError

logger = logging.getLogger(__name__)

FULL = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def storage_reached() -> Iterator[None]:
    """What storage does not do inside becomes UserError `storage_full` or `storage_unavailable`.

    Nothing is lost then. Full may also be the disk on which a file is looked at.
    """
    try:
        yield
    except OSError as error:
        logger.exception("storage failed")
        if error.errno in FULL:
            sentence = _("The storage of this installation is full. Tell who runs it, and go on later.")
            raise UserError("storage_full", sentence, status=507, retry_after=60) from error
        sentence = _("The storage cannot be reached at the moment. Nothing is lost: try again in a minute.")
        raise UserError("storage_unavailable", sentence, status=503, retry_after=10) from error
