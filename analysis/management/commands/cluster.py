"""The queue's processes of one machine, as `manage.py worker` starts them; not for people."""

from typing import Any

from django.core.management.base import BaseCommand

from analysis import cluster


class Command(BaseCommand):
    requires_system_checks = []  # they would load every page here, where none is served
    help = "The queue's processes. Started and watched by `manage.py worker`, which is what you want."

    def handle(self, *_args: Any, **_options: Any) -> None:
        cluster.run()
