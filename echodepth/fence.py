"""The second fence: row-level security on PostgreSQL, and who may do what to which table.

`raise_fence` states all of it anew after every `migrate`, so that a new tenant model is fenced the moment it
exists, and what is no longer declared goes. Four roles take part (`roles.sql` makes them): the owner, who
migrates; the application, which is not the owner and sees the rows of the organisation in scope;
`echodepth_sweep`, which sees ids, states and times of what is due; and `echodepth_door`, which owns the
look-ups of `echodepth.doors`.
"""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.conf import settings
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import import_string

from echodepth.doors import Door
from echodepth.postgresql.base import SETTING, SWEEP_ROLE

DOOR_ROLE = "echodepth_door"
OUR_APPS = ("accounts", "analysis", "reports")
APPS_WITH_DOORS = ("accounts", "analysis")
IN_SCOPE = f"nullif(current_setting('{SETTING}', true), '')::uuid"


class FenceError(Exception):
    """The database lacks the roles; the message says what to do."""


def organisation_column(model: type[models.Model]) -> str | None:
    """The column that names the row's organisation; None for a model that is no tenant's."""
    if _is_organisation(model):
        return "id"
    for field in model._meta.concrete_fields:  # noqa: SLF001
        if isinstance(field, models.ForeignKey) and _is_organisation(field.related_model):
            return str(field.column)
    return None


def _is_organisation(model: type[models.Model]) -> bool:
    return model._meta.label == "accounts.Organisation"  # noqa: SLF001 - Django's documented API


def tenant_models() -> list[type[models.Model]]:
    """Every model of ours whose rows belong to an organisation, the organisation itself included."""
    return [
        model
        for label in OUR_APPS
        for model in apps.get_app_config(label).get_models()
        if organisation_column(model)
    ]


def doors() -> tuple[Door, ...]:
    """The look-ups of every app that declares some, in its module `doors`."""
    named: list[tuple[Door, ...]] = [import_string(f"{label}.doors.DOORS") for label in APPS_WITH_DOORS]
    return tuple(door for found in named for door in found)


def parents(model: type[models.Model]) -> list[tuple[str, str, str]]:
    """What a tenant's row hangs on within its tenant: column, the other table and its column."""
    found = []
    keys = (field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey))  # noqa: SLF001
    for field in keys:
        other = field.related_model
        if organisation_column(other) and not _is_organisation(other):
            found.append((str(field.column), str(other._meta.db_table), str(field.target_field.column)))  # noqa: SLF001
    return found


def raise_fence(using: str) -> None:
    """State policies, grants and doors; nothing on SQLite, nor for a role that is not the tables' owner.

    In one transaction: processes that work meanwhile stand before the old fence or before the new one.
    Raises FenceError where roles are missing, or where the schema is open to everybody.
    """
    connection = connections[using]
    if connection.vendor != "postgresql" or not _owns_tables(connection):
        return
    application = _application_role()
    _need_roles(connection, application)
    with transaction.atomic(using), connection.cursor() as cursor:
        for statement in statements(application):
            cursor.execute(statement)
        _need_closed_schema(connection, application)


def statements(application: str) -> Iterator[str]:
    """The SQL that raises the fence, for an application that connects as this role."""
    role = quoted(application)
    everybody = f"PUBLIC, {role}, {SWEEP_ROLE}, {DOOR_ROLE}"
    yield f"REVOKE CREATE ON SCHEMA public FROM {everybody}"
    yield f"GRANT USAGE ON SCHEMA public TO {role}, {SWEEP_ROLE}, {DOOR_ROLE}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {everybody}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
    yield f"GRANT SELECT ON django_migrations TO {role}"
    for table in sorted(_plain_tables()):
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {quoted(table)} TO {role}"
    for model in tenant_models():
        yield from _fenced(model, role)
    yield _OLD_DOORS_GO
    for door in doors():
        yield from _made(door, role)


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever it is made of."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _plain_tables() -> set[str]:
    """Tables that hold nothing of a tenant: people, sessions, the queue, the cache."""
    fenced = {model._meta.db_table for model in tenant_models()}  # noqa: SLF001
    every = (model._meta for model in apps.get_models(include_auto_created=True))  # noqa: SLF001
    return {facts.db_table for facts in every if facts.managed and not facts.proxy} - fenced


def _fenced(model: type[models.Model], role: str) -> Iterator[str]:
    table, column = quoted(model._meta.db_table), quoted(organisation_column(model) or "")  # noqa: SLF001
    rights = "SELECT, INSERT" if getattr(model, "APPEND_ONLY", False) else "SELECT, INSERT, UPDATE, DELETE"
    yield f"GRANT {rights} ON {table} TO {role}"
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
    ours = f"{column} = {IN_SCOPE}"
    checks = " AND ".join([ours, *(_hangs_on_ours(table, *parent) for parent in parents(model))])
    yield from _policy(table, "tenant", f"USING ({ours}) WITH CHECK ({checks})")
    yield from _policy(table, "door", _reads_all(DOOR_ROLE))
    swept: Iterable[str] = getattr(model, "SWEPT", ())
    if swept:
        yield f"GRANT SELECT ({', '.join(map(quoted, swept))}) ON {table} TO {SWEEP_ROLE}"
        yield from _policy(table, "sweep", _reads_all(SWEEP_ROLE))


def _hangs_on_ours(table: str, column: str, other: str, target: str) -> str:
    """What a row refers to is in scope too: the check of foreign keys itself looks behind the fence."""
    column, other, target = f"{table}.{quoted(column)}", quoted(other), quoted(target)
    return f"({column} IS NULL OR EXISTS (SELECT FROM {other} AS parent WHERE parent.{target} = {column}))"


def _reads_all(role: str) -> str:
    """For who acts as this role now: members of it that inherit from it are not meant."""
    return f"FOR SELECT TO {role} USING (current_user = '{role}')"


def _policy(table: str, name: str, rule: str) -> Iterator[str]:
    yield f"DROP POLICY IF EXISTS echodepth_{name} ON {table}"
    yield f"CREATE POLICY echodepth_{name} ON {table} {rule}"


_OLD_DOORS_GO = f"""DO $$ DECLARE door regprocedure; BEGIN
FOR door IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace
AND proowner = (SELECT oid FROM pg_roles WHERE rolname = '{DOOR_ROLE}')
LOOP EXECUTE format('DROP FUNCTION %s', door); END LOOP; END $$"""  # noqa: S608 - our own name


def _made(door: Door, role: str) -> Iterator[str]:
    """A function that belongs to the door role; that role may create it only while this runs."""
    types = ", ".join(door.arguments.values())
    takes = ", ".join(f"{name} {kind}" for name, kind in door.arguments.items())
    gives = ", ".join(f"out_{name} {kind}" for name, kind in door.returns.items())
    marks = {name: f"${number}" for number, name in enumerate(door.arguments, 1)}
    yield f"GRANT SELECT ON {', '.join(map(quoted, door.tables))} TO {DOOR_ROLE}"
    yield (
        f"CREATE FUNCTION {door.name}({takes}) RETURNS TABLE ({gives}) LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $door$ {door.body.format_map(marks)} $door$"
    )
    yield f"REVOKE ALL ON FUNCTION {door.name}({types}) FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {door.name}({types}) TO {role}"
    yield f"GRANT CREATE ON SCHEMA public TO {DOOR_ROLE}"
    yield f"ALTER FUNCTION {door.name}({types}) OWNER TO {DOOR_ROLE}"
    yield f"REVOKE CREATE ON SCHEMA public FROM {DOOR_ROLE}"


def _application_role() -> str:
    """The role that the application connects as.

    Raises FenceError where DATABASE_URL leaves it to the machine, which the owner's connection cannot know.
    """
    named = str(settings.DATABASES["default"]["USER"])
    if not named:
        raise FenceError("DATABASE_URL must name the role that the application connects as.")
    return named


def _owns_tables(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableowner = current_user FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename = 'django_migrations'"
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _need_roles(connection: BaseDatabaseWrapper, application: str) -> None:
    needed = {SWEEP_ROLE, DOOR_ROLE, application}
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [sorted(needed)])
        missing = sorted(needed - {name for (name,) in cursor.fetchall()})
    if missing:
        message = "The database has no role {}: run echodepth/postgresql/roles.sql first (docs/operating.md)."
        raise FenceError(message.format(", ".join(missing)))


def _need_closed_schema(connection: BaseDatabaseWrapper, application: str) -> None:
    """Who can make functions there could put one of theirs before what the doors call."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [application])
        (open_to_application,) = cursor.fetchone()
    if open_to_application:
        raise FenceError(
            f"Role {application} can create objects in schema public: make the schema the owner's "
            "(ALTER SCHEMA public OWNER TO ...; docs/operating.md)."
        )
