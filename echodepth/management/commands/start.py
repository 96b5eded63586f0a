"""`manage.py start`: everything between an installed checkout and an open portal, in one process."""

import socket
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from echodepth.static_files import collect_when_changed


def refuse_taken_address(bind: str) -> None:
    """Raises CommandError when something already listens on `bind` ("address:port")."""
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            raise CommandError(
                f"{bind} cannot be listened on ({error.strerror}). Stop what runs there, "
                "or choose another port: ECHODEPTH_BIND=127.0.0.1:8001 ./run"
            ) from error


class Command(BaseCommand):
    # Django's other checks import every page, which the web server's process does anyway a moment later.
    requires_system_checks = ["echodepth", "security", "staticfiles"]
    help = "Prepare the face models, the database, the static files and the demo, then serve."

    def handle(self, *_args: Any, **_options: Any) -> None:
        refuse_taken_address(settings.BIND)
        call_command("prepare_models")
        call_command("migrate", interactive=False, verbosity=0)
        collect_when_changed()
        if settings.DEMO:
            call_command("create_demo")
        call_command("serve")
