from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import erasers, files, signals, stored  # noqa: F401, PLC0415 - receivers register themselves once models exist
        from accounts.domain.consent import keeping  # noqa: PLC0415 - it reads models
        from accounts.domain.offboarding import connect as offboarding  # noqa: PLC0415 - it reads models
        from accounts.domain.rights import connect as rights  # noqa: PLC0415 - likewise

        offboarding.connect()
        erasers.connect()
        files.connect()
        keeping.connect()
        stored.connect()
        rights()
