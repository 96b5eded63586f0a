from django.apps import AppConfig


class EchoDepthConfig(AppConfig):
    name = "echodepth"

    def ready(self) -> None:
        from echodepth import checks  # noqa: F401, PLC0415 - checks register themselves once apps are known
