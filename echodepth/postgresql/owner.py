"""Acting as the owner of the tables, where the application is not: migrating, and nothing daily."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.utils import load_backend

_CREDENTIALS = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@contextmanager
def as_owner() -> Iterator[None]:
    """In this thread the default connection is the owner's; it stays as it is where no owner is set.

    Migrations, also those of others, name no database: only so is none of them left with the application.
    """
    owner = settings.OWNER_DATABASE
    if not owner:
        yield
        return
    usual = connections["default"]
    facts = usual.settings_dict | {name: owner[name] for name in _CREDENTIALS if name in owner}
    connection = load_backend(facts["ENGINE"]).DatabaseWrapper(facts, "default")
    connections["default"] = connection
    try:
        yield
    finally:
        connection.close()
        connections["default"] = usual


def is_owner() -> bool:
    """Whether the default connection is the owner's in this thread."""
    owner = settings.OWNER_DATABASE
    return bool(owner) and connections["default"].settings_dict["USER"] == owner["USER"]


@contextmanager
def unfenced(editor: BaseDatabaseSchemaEditor, *tables: type[models.Model]) -> Iterator[None]:
    """For a data migration: inside, the owner reads and writes every organisation's rows of these models.

    The application stands behind the fence all the while. For `RunPython`, whose function gets the editor. On
    SQLite nothing is lifted: models of a migration have plain managers.
    """
    names = [editor.quote_name(table._meta.db_table) for table in tables]  # noqa: SLF001 - documented API
    lifted = editor.connection.vendor == "postgresql"
    if lifted:
        _all(editor, names, "NO FORCE ROW LEVEL SECURITY")
    yield
    if lifted:
        # Deferred checks of what was written are made first: PostgreSQL alters no table that waits for some.
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor.execute("SET CONSTRAINTS ALL DEFERRED")
        _all(editor, names, "FORCE ROW LEVEL SECURITY")


def _all(editor: BaseDatabaseSchemaEditor, names: list[str], change: str) -> None:
    for name in names:
        editor.execute(f"ALTER TABLE {name} {change}")
