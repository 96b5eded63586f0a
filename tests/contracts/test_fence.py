"""The second fence by itself: with the first one taken away, no tenant reaches another one's rows.

Every tenant model is tried, with rows of two tenants. On SQLite there is no second fence.
"""

# ruff: noqa: S608 - the names in the SQL are our models' own

import pytest
from django.db import ProgrammingError, connection, transaction

from echodepth.fence import DOOR_ROLE, doors, organisation_column, tenant_models
from echodepth.postgresql.base import SWEEP_ROLE
from echodepth.tenancy import sweeping, tenant
from tests.support.fences import without_first_fence
from tests.support.tenant_pairs import (
    factory_of,
    foreign_keys,
    inserted,
    key,
    pair,
    refused,
    run,
    some_field,
    table,
)
from tests.support.tenants import fresh, organisation_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

MODELS = tenant_models()
APPEND_ONLY = [model for model in MODELS if getattr(model, "APPEND_ONLY", False)]
CHANGEABLE = [model for model in MODELS if model not in APPEND_ONLY]
SWEPT = [model for model in MODELS if getattr(model, "SWEPT", ())]
KEYS = [field for model in MODELS for field in foreign_keys(model)]

each = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
each_changeable = pytest.mark.parametrize("model", CHANGEABLE, ids=lambda model: model._meta.label)


@pytest.fixture
def rows(model):
    """One of ours, one of theirs; we are in our scope, with nothing but the second fence."""
    ours, theirs = pair(model)
    with tenant(organisation_of(ours)), without_first_fence():
        yield ours, theirs


def facts(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_what_is_tried_is_what_there_is():
    assert {"Organisation", "Membership", "Run", "Report", "AuditRecord", "ApiToken"} <= {
        model.__name__ for model in MODELS
    }
    assert [model.__name__ for model in APPEND_ONLY] == ["AuditRecord"]
    swept = {"Run", "Segment", "Upload", "Erasure", "Retention", "Offboarding", "Report"}
    assert {model.__name__ for model in SWEPT} == swept


@each
def test_row_level_security_is_forced(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) = current_user "
            "FROM pg_class WHERE oid = %s::regclass",
            [table(model)],
        )
        assert cursor.fetchone() == (True, True, False)
        cursor.execute("SELECT policyname FROM pg_policies WHERE tablename = %s", [model._meta.db_table])
        names = {name for (name,) in cursor.fetchall()}
    assert names - {"echodepth_sweep"} == {"echodepth_tenant", "echodepth_door"}
    assert ("echodepth_sweep" in names) is (model in SWEPT)


@each
def test_their_rows_are_not_read(model, rows):
    ours, theirs = rows

    assert set(model._base_manager.values_list("pk", flat=True)) >= {ours.pk}
    assert not model._base_manager.filter(pk=theirs.pk).exists()
    column = connection.ops.quote_name(organisation_column(model))
    for row, found in ((ours, 1), (theirs, 0)):
        assert run(f"SELECT 1 FROM {table(model)} WHERE {key(model)} = %s", row.pk) == found
    assert run(f"SELECT 1 FROM {table(model)} WHERE {column} = %s", organisation_of(ours)) > 0
    assert run(f"SELECT 1 FROM {table(model)} WHERE {column} = %s", organisation_of(theirs)) == 0


@each_changeable
def test_their_rows_are_not_changed(model, rows):
    ours, theirs = rows
    field = some_field(model)
    change = f'UPDATE {table(model)} SET "{field.column}" = "{field.column}" WHERE {key(model)} = %s'

    assert (run(change, ours.pk), run(change, theirs.pk)) == (1, 0)
    same = {field.attname: getattr(theirs, field.attname)}
    assert model._base_manager.filter(pk=theirs.pk).update(**same) == 0
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        theirs.save()


@each_changeable
def test_their_rows_are_not_deleted(model, rows):
    _ours, theirs = rows
    kept = facts(fresh(theirs))

    assert run(f"DELETE FROM {table(model)} WHERE {key(model)} = %s", theirs.pk) == 0
    assert model._base_manager.filter(pk=theirs.pk).delete() == (0, {})
    assert facts(fresh(theirs)) == kept


@each
def test_nothing_is_put_among_their_rows(model, rows):
    _ours, theirs = rows
    sql, values = inserted(theirs)

    assert "row-level security" in refused(sql, *values)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        model._base_manager.bulk_create([theirs])


@each_changeable
def test_our_rows_are_not_given_to_them(model, rows):
    ours, theirs = rows
    column = connection.ops.quote_name(organisation_column(model))
    give = f"UPDATE {table(model)} SET {column} = %s WHERE {key(model)} = %s"

    assert "row-level security" in refused(give, organisation_of(theirs), ours.pk)


@pytest.mark.parametrize("field", KEYS, ids=lambda field: f"{field.model.__name__}.{field.name}")
def test_our_rows_do_not_hang_on_theirs(field):
    ours, parent = factory_of(field.model)(), factory_of(field.related_model)()
    hang = f'UPDATE {table(field.model)} SET "{field.column}" = %s WHERE {key(field.model)} = %s'

    with tenant(organisation_of(ours)), without_first_fence():
        assert "row-level security" in refused(hang, parent.pk, ours.pk)
        setattr(ours, field.attname, parent.pk)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            ours.save()


@each
def test_without_a_tenant_there_are_no_rows(model):
    ours, _theirs = pair(model)

    with without_first_fence():
        assert model._base_manager.count() == 0
        assert run(f"SELECT 1 FROM {table(model)}") == 0
        sql, values = inserted(ours)
        assert "row-level security" in refused(sql, *values)
        if model in CHANGEABLE:
            assert run(f"DELETE FROM {table(model)}") == 0
    assert fresh(ours) == ours


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {column} = {column}", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_is_only_added_to_is_neither_changed_nor_removed(model, rows, verb):
    assert "permission denied" in refused(verb.format(table(model), column=some_field(model).column))


@pytest.mark.parametrize("model", SWEPT, ids=lambda model: model._meta.label)
def test_a_sweep_sees_the_columns_it_is_for_of_every_tenant_and_no_other(model):
    mine = pair(model)
    columns = {field.column for field in model._meta.concrete_fields}

    with sweeping():
        assert set(model._base_manager.order_by().values_list("pk", flat=True)) >= {row.pk for row in mine}
        for column in columns - set(model.SWEPT):
            assert "permission denied" in refused(f'SELECT "{column}" FROM {table(model)}')
    assert set(model.SWEPT) < columns


@each
def test_a_sweep_writes_nothing_and_reads_nothing_else(model):
    ours, _theirs = pair(model)
    sql, values = inserted(ours)
    column = some_field(model).column

    with sweeping():
        refused(sql, *values)
        refused(f"UPDATE {table(model)} SET {column} = {column}")
        refused(f"DELETE FROM {table(model)}")
        refused(f"TRUNCATE {table(model)}")
        if model not in SWEPT:
            refused(f"SELECT {key(model)} FROM {table(model)}")


@each
def test_the_application_cannot_take_the_fence_down(model):
    for change in (
        "TRUNCATE {}",
        "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
        "DROP POLICY echodepth_tenant ON {}",
        "CREATE POLICY mine ON {} USING (true)",
        "DROP TABLE {}",
    ):
        refused(change.format(table(model)))


def test_the_application_is_nobody_special():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False, False)
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER') "
            "AND rolname <> current_user"
        )
        assert cursor.fetchall() == [(SWEEP_ROLE,)]
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "attempt",
    [
        f"SET ROLE {DOOR_ROLE}",
        "SET ROLE echodepth_owner",
        "CREATE FUNCTION public.lower(uuid) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'",
        "CREATE TABLE public.mine (id int)",
        "UPDATE django_migrations SET app = app",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_application_does_not_become_somebody_else(attempt):
    refused(attempt)


def test_turning_row_level_security_off_reads_nothing():
    pair(MODELS[0])

    with transaction.atomic():
        run("SET LOCAL row_security = off")
        refused(f"SELECT 1 FROM {table(MODELS[0])}")


def test_doors_belong_to_their_role_and_open_for_the_application_alone():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosecdef, proconfig, has_function_privilege(current_user, oid, 'EXECUTE'), "
            "has_function_privilege(%s, oid, 'EXECUTE'), proacl::text ~ '[{,]=' "
            "FROM pg_proc WHERE pg_get_userbyid(proowner) = %s",
            [SWEEP_ROLE, DOOR_ROLE],
        )
        found = {name: rest for name, *rest in cursor.fetchall()}

    assert set(found) == {door.name for door in doors()}
    for rest in found.values():
        assert rest == [True, ["search_path=public, pg_temp"], True, False, False]


def test_the_role_of_the_doors_reads_what_they_read_and_no_more():
    needed = {name for door in doors() for name in door.tables}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "AND has_table_privilege(%s, oid, 'SELECT')",
            [DOOR_ROLE],
        )
        assert {name for (name,) in cursor.fetchall()} == needed
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "AND has_table_privilege(%s, oid, 'INSERT, UPDATE, DELETE, TRUNCATE')",
            [DOOR_ROLE],
        )
        assert cursor.fetchall() == []
