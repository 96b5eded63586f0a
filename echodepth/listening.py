"""The address the web server listens on."""

import socket

from django.core.management import CommandError
from django.utils.translation import gettext as _

from echodepth.kinds import split_address


def refuse_taken_address(bind: str) -> None:
    """Raises CommandError when `bind` ("address:port") cannot be listened on."""
    host, port = split_address(bind)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            facts = {"bind": bind, "reason": error.strerror}
            raise CommandError(
                _(
                    "%(bind)s cannot be listened on (%(reason)s). Stop what runs there, "
                    "or choose another port: ECHODEPTH_BIND=127.0.0.1:8001 ./run"
                )
                % facts
            ) from error
