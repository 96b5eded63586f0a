import pytest
from django.db import connection

from accounts.models import AuditRecord, Organisation, Project, Subject, User
from analysis.models import Run
from echodepth import fence
from echodepth.fence import FenceError, organisation_column, parents, quoted, raise_fence, statements
from echodepth.postgresql.owner import as_owner


@pytest.fixture
def owner(db):
    """The rest of the test is the owner's; what it states is stated anew afterwards."""
    with as_owner():
        yield
        raise_fence("default")


def state():
    """All that the fence is made of, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity, relforcerowsecurity, relacl::text, attacl "
            "FROM pg_class LEFT JOIN (SELECT attrelid, array_agg(attname || attacl::text ORDER BY attname) "
            "AS attacl FROM pg_attribute WHERE attacl IS NOT NULL GROUP BY attrelid) AS a ON attrelid = oid "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') ORDER BY relname"
        )
        tables = cursor.fetchall()
        cursor.execute(
            "SELECT tablename, policyname, roles, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"
        )
        policies = cursor.fetchall()
        cursor.execute(
            "SELECT oid::regprocedure::text, pg_get_userbyid(proowner), proacl::text, prosrc FROM pg_proc "
            "WHERE proname LIKE 'door%' ORDER BY 1"
        )
        return tables, policies, cursor.fetchall()


@pytest.mark.parametrize(
    ("model", "column"), [(Organisation, "id"), (Project, "organisation_id"), (User, None)]
)
def test_the_column_that_names_the_organisation(model, column):
    assert organisation_column(model) == column


def test_what_a_row_hangs_on_within_its_organisation():
    assert parents(Project) == parents(Organisation) == parents(AuditRecord) == []
    assert parents(Subject) == [("project_id", "accounts_project", "id")]
    assert set(parents(Run)) == {
        ("declaration_id", "accounts_declaration", "id"),
        ("recording_id", "analysis_recording", "id"),
        ("kept_neutral_id", "analysis_subjectneutral", "id"),
    }


def test_names_are_quoted_whatever_they_are_made_of():
    assert quoted('app"; DROP ROLE x; --') == '"app""; DROP ROLE x; --"'
    assert all('TO "o""dd"' in line for line in statements('o"dd') if line.startswith("GRANT EXECUTE"))


def test_what_is_append_only_is_given_no_other_right():
    lines = list(statements("app"))

    assert 'GRANT SELECT, INSERT ON "accounts_auditrecord" TO "app"' in lines
    assert 'GRANT SELECT, INSERT, UPDATE, DELETE ON "accounts_project" TO "app"' in lines
    assert not any("TRUNCATE" in line for line in lines)


def test_nothing_of_a_tenant_is_among_the_plain_tables():
    granted = {line for line in statements("app") if "UPDATE, DELETE" in line}

    assert 'GRANT SELECT, INSERT, UPDATE, DELETE ON "django_session" TO "app"' in granted
    assert 'GRANT SELECT, INSERT, UPDATE, DELETE ON "django_q_ormq" TO "app"' in granted
    assert 'GRANT SELECT, INSERT, UPDATE, DELETE ON "echodepth_cache" TO "app"' in granted
    assert "accounts_auditrecord" not in str(granted)


@pytest.mark.django_db
def test_who_does_not_own_the_tables_states_nothing():
    """The application, or SQLite."""
    raise_fence("default")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_stated_again_it_is_the_same(owner):
    before = state()

    raise_fence("default")

    assert state() == before
    assert len(before[0]) > len(fence.tenant_models())


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_is_no_longer_declared_goes(owner, monkeypatch):
    before = state()
    (gone, *rest) = fence.doors()
    with connection.cursor() as cursor:
        cursor.execute("GRANT SELECT ON accounts_project TO echodepth_sweep, PUBLIC")
        cursor.execute("GRANT SELECT, UPDATE ON accounts_user TO echodepth_door")
        cursor.execute("GRANT UPDATE, TRUNCATE ON accounts_auditrecord TO echodepth_app")
    monkeypatch.setattr(fence, "doors", lambda: tuple(rest))

    raise_fence("default")

    tables, policies, functions = state()
    assert (tables, policies) == before[:2]
    names = {name.partition("(")[0] for name, *_rest in functions}
    assert gone.name not in names
    assert {door.name for door in rest} <= names


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_statement_that_fails_leaves_the_old_fence_standing(owner, monkeypatch):
    before = state()
    whole = fence.statements

    def broken(application):
        yield from whole(application)
        yield "SELECT 1 / 0"

    monkeypatch.setattr(fence, "statements", broken)
    with pytest.raises(Exception, match="division by zero"):
        raise_fence("default")
    monkeypatch.undo()

    assert state() == before


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_missing_roles_are_named_with_what_to_run(owner, monkeypatch):
    monkeypatch.setattr(fence, "SWEEP_ROLE", "echodepth_nobody")

    with pytest.raises(FenceError, match=r"no role echodepth_nobody: run .*roles\.sql"):
        raise_fence("default")
    monkeypatch.undo()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_missing_application_role_is_named_too(owner, settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "USER", "nobody_at_all")

    with pytest.raises(FenceError, match="no role nobody_at_all"):
        raise_fence("default")
    monkeypatch.undo()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_application_without_a_name_is_refused(owner, settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "USER", "")

    with pytest.raises(FenceError, match="DATABASE_URL must name the role"):
        raise_fence("default")
    monkeypatch.undo()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_schema_that_is_open_to_the_application_is_refused(owner, monkeypatch):
    """As where the schema belongs to somebody else, so that the owner cannot close it."""
    whole = fence.statements

    def opened(application):
        yield from whole(application)
        yield "GRANT CREATE ON SCHEMA public TO PUBLIC"

    monkeypatch.setattr(fence, "statements", opened)
    with pytest.raises(FenceError, match="can create objects in schema public"):
        raise_fence("default")
    monkeypatch.undo()
