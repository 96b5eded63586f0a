"""What must hold of the database where organisations are kept apart; each message says what to do.

Run by `serve` and `worker` before they start, and by `manage.py check --database default`; not by `migrate`,
which mends the fence.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from echodepth.fence import tenant_models
from echodepth.postgresql.base import SWEEP_ROLE
from echodepth.postgresql.owner import is_owner

_POWERS = """
SELECT rolsuper, rolbypassrls,
       EXISTS (SELECT FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'
               AND pg_has_role(session_user, relowner, 'MEMBER'))
FROM pg_roles WHERE rolname = session_user
"""
_OPEN_TABLES = """
SELECT relname FROM pg_class
WHERE relname = ANY(%s) AND relkind = 'r' AND relnamespace = 'public'::regnamespace
AND NOT (relrowsecurity AND relforcerowsecurity
         AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'echodepth_tenant'))
ORDER BY relname
"""


@register(Tags.database)
def check_one_organisation(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """SQLite has no second fence."""
    if settings.DEMO or connection.vendor != "sqlite" or not _asked(options):
        return []
    rows = _rows("SELECT count(*) FROM accounts_organisation WHERE state <> 'closed'")
    if not rows or rows[0][0] < 2:
        return []
    message = _(
        "Several organisations are kept in SQLite, which cannot keep them apart by itself: move to "
        "PostgreSQL (docs/operating.md)."
    )
    return [Error(message, id="echodepth.E007")]


@register(Tags.database)
def check_application_role(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Row-level security does not bind superusers and who may bypass it, and the owner can take it away."""
    if connection.vendor != "postgresql" or not _asked(options) or is_owner():
        return []
    rows = _rows(_POWERS, [_tables()])
    if not rows or not any(rows[0]):
        return []
    message = _(
        "The role of DATABASE_URL is a superuser, bypasses row-level security, or owns the tables, so "
        "nothing in the database keeps organisations apart: give the application a role of its own "
        "(docs/operating.md)."
    )
    return [Error(message, id="echodepth.E008")]


@register(Tags.database)
def check_fence(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Roles and policies are there; `migrate` states them."""
    if connection.vendor != "postgresql" or not _asked(options) or is_owner():
        return []
    open_tables = [name for (name,) in _rows(_OPEN_TABLES, [_tables()])]
    can_sweep = _rows(
        "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER'))", [SWEEP_ROLE]
    )
    if not open_tables and can_sweep == [(True,)]:
        return []
    message = _(
        "The fence between organisations is not up in this database (%(what)s): run "
        "echodepth/postgresql/roles.sql, then manage.py migrate (docs/operating.md)."
    )
    what = ", ".join(open_tables) or SWEEP_ROLE
    return [Error(message % {"what": what}, id="echodepth.E009")]


def _asked(options: dict[str, Any]) -> bool:
    return "default" in (options.get("databases") or ())


def _tables() -> list[str]:
    return [model._meta.db_table for model in tenant_models()]  # noqa: SLF001 - Django's documented API


def _rows(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Nothing where the database is away or has no tables yet: that is said elsewhere."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())
    except DatabaseError:
        return []
