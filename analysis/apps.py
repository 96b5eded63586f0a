from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "analysis"

    def ready(self) -> None:
        import analysis.checks  # noqa: F401, PLC0415 - reading it registers them
        from analysis import (  # noqa: PLC0415 - they read models, which are there only now
            copies,
            corrections,
            erasers,
            files,
            metrics,
            personal,
            readiness,
            receivers,
            stored,
            taken,
            worker,
        )
        from analysis.domain import retention  # noqa: PLC0415

        erasers.connect()
        copies.connect()
        corrections.connect()
        files.connect()
        personal.connect()
        metrics.connect()
        readiness.connect()
        receivers.connect()
        retention.connect()
        stored.connect()
        taken.connect()
        worker.connect()
