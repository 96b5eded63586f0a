import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

from accounts.enums import OrganisationState
from echodepth import database_checks
from echodepth.postgresql.owner import as_owner
from tests.factories import OrganisationFactory
from tests.support.tenants import save

pytestmark = pytest.mark.django_db(transaction=True)


def found():
    """Ids of what is wrong with the database, as `serve` and `worker` ask for it."""
    messages = run_checks(tags=[Tags.database], databases=["default"])
    return [message.id for message in messages if (message.id or "").startswith("echodepth.")]


def test_a_database_of_the_suites_own_making_is_sound():
    OrganisationFactory()

    assert found() == []


@pytest.mark.parametrize(("demo", "ids"), [(False, ["echodepth.E007"]), (True, [])])
def test_several_organisations_want_a_second_fence(settings, demo, ids):
    settings.DEMO = demo
    OrganisationFactory()
    second = OrganisationFactory()

    assert found() == (ids if connection.vendor == "sqlite" else [])
    save(second, state=OrganisationState.CLOSED)
    assert found() == []


def test_nothing_is_asked_of_a_database_that_is_not_checked():
    OrganisationFactory()
    OrganisationFactory()

    assert run_checks(tags=[Tags.database], databases=[]) == []
    assert database_checks.check_one_organisation(None, databases=None) == []


def test_a_database_without_tables_is_left_to_migrate(monkeypatch):
    monkeypatch.setattr(database_checks, "_rows", lambda *_: [])

    assert database_checks.check_one_organisation(None, databases=["default"]) == []
    assert database_checks.check_application_role(None, databases=["default"]) == []


@pytest.mark.postgresql
def test_an_application_that_owns_the_tables_is_found(settings):
    with as_owner():
        assert found() == []  # whoever migrates is allowed to be the owner
        settings.OWNER_DATABASE = {}
        assert sorted(found()) == ["echodepth.E008", "echodepth.E009"]
    assert found() == []


@pytest.mark.postgresql
@pytest.mark.parametrize("powers", [(True, False, False), (False, True, False)])
def test_an_application_that_no_policy_binds_is_found(monkeypatch, powers):
    monkeypatch.setattr(
        database_checks, "_POWERS", f"SELECT {', '.join(map(str, powers))} WHERE %s::text[] IS NOT NULL"
    )

    assert found() == ["echodepth.E008"]


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("down", "up"),
    [
        ("NO FORCE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"),
        ("DISABLE ROW LEVEL SECURITY", "ENABLE ROW LEVEL SECURITY"),
    ],
)
def test_a_fence_that_is_down_is_named(down, up):
    try:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE accounts_project {down}")
        messages = database_checks.check_fence(None, databases=["default"])
        assert [message.id for message in messages] == ["echodepth.E009"]
        assert "accounts_project" in messages[0].msg
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE accounts_project {up}")
    assert found() == []
