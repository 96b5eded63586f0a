"""What people in recordings may ask for by right."""


def connect() -> None:
    """Announce what this app copies and erases, and where copies lie; once, when the app is ready."""
    from accounts import personal  # noqa: PLC0415 - they read models, which are there only then
    from accounts.domain.rights import copies, corrections, exporters, remains  # noqa: PLC0415 - likewise
    from echodepth import files  # noqa: PLC0415 - likewise
    from echodepth.storage import registry  # noqa: PLC0415 - likewise

    personal.connect()
    corrections.connect()
    exporters.connect()
    remains.connect()
    registry.register("copy of personal data", copies.stored)
    files.register(copies.LINK, copies.file)
