"""Before each statement: the organisation in scope, and the role, where they differ from the last one's.

The scope lives in Python; the database learns of it here and nowhere else, so no block can leave a setting
behind that a later statement would run under. The settings are the session's: between statements a proxy must
not hand the connection to another client (PgBouncer's session mode does not).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from echodepth.tenancy import current_tenant, is_sweeping

SETTING = "echodepth.organisation"
SWEEP_ROLE = "echodepth_sweep"


class Told(NamedTuple):
    organisation: str
    """Empty outside of a scope: then no tenant row is visible."""
    role: str
    """`none` for the role that is connected."""


def _wanted() -> Told:
    if is_sweeping():
        return Told("", SWEEP_ROLE)
    return Told(str(current_tenant() or ""), "none")


class DatabaseWrapper(base.DatabaseWrapper):
    """Forgets what it told whenever a rollback may have taken it back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told: Told | None = None
        self.execute_wrappers.append(_tell_first)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.told = None
        return super().get_new_connection(conn_params)

    def _commit(self) -> Any:
        if self._has_failed():
            self.told = None  # PostgreSQL rolls back where a failed transaction is committed
        return super()._commit()  # type: ignore[misc]  # Django's stubs leave it out

    def _rollback(self) -> Any:
        self.told = None
        return super()._rollback()  # type: ignore[misc]  # likewise

    def _savepoint_rollback(self, sid: str) -> None:
        self.told = None
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # likewise

    def tell(self) -> None:
        """Make the session's settings those of the scope; nothing in a transaction that has failed."""
        wanted = _wanted()
        if wanted == self.told or self._has_failed():
            return
        self.connection.execute(
            "SELECT set_config(%s, %s, false), set_config('role', %s, false)", [SETTING, *wanted]
        )
        self.told = wanted

    def _has_failed(self) -> bool:
        open_connection = self.connection
        return open_connection is not None and (
            open_connection.info.transaction_status == TransactionStatus.INERROR
        )


def _tell_first(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    context["connection"].tell()
    return execute(sql, params, many, context)
