from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _raise_fence(using: str, **_facts: Any) -> None:
    from echodepth.fence import raise_fence  # noqa: PLC0415 - it reads models, which are there only now

    raise_fence(using)


class EchoDepthConfig(AppConfig):
    name = "echodepth"

    def ready(self) -> None:
        # Checks register themselves once apps are known.
        from echodepth import checks, database_checks  # noqa: F401, PLC0415

        # Sent once an app: the last one's comes when every table is there.
        post_migrate.connect(_raise_fence, sender=self.apps.get_app_config("reports"))  # type: ignore[union-attr]
