from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "analysis"

    def ready(self) -> None:
        from analysis import worker  # noqa: PLC0415 - reads models, which are there only now

        worker.connect()
