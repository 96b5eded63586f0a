from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "analysis"

    def ready(self) -> None:
        from analysis import receivers, worker  # noqa: PLC0415 - they read models, which are there only now

        receivers.connect()
        worker.connect()
