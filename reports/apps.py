from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports import copies, erasers, files, personal, receivers, stored, taken  # noqa: PLC0415 - they read models, which are there only now

        erasers.connect()
        copies.connect()
        files.connect()
        personal.connect()
        receivers.connect()
        stored.connect()
        taken.connect()
