"""`manage.py start`: everything between an installed checkout and an open portal, in one process."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from echodepth.listening import refuse_taken_address
from echodepth.static_files import collect_when_changed


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
            call_command("prepare_desk")
        call_command("serve")
