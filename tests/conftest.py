from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, TransactionTestCase

from accounts.enums import Role
from accounts.models import Membership, Organisation
from echodepth.postgresql.owner import as_owner
from tests.factories import MembershipFactory, OrganisationFactory


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgresql: about what PostgreSQL alone does; left out on SQLite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Left out, not skipped: there is nothing on SQLite that these could try."""
    if connection.vendor == "postgresql":
        return
    left = [item for item in items if item.get_closest_marker("postgresql")]
    items[:] = [item for item in items if not item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=left)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """SQLite in a file: in memory, connections do not wait for each other's writes as the product's do."""
    if connection.vendor == "sqlite":
        folder = tmp_path_factory.mktemp("database")
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """The test database is made and migrated by the owner; the tests run as the application."""
    with django_db_blocker.unblock(), as_owner():
        verbosity = max(request.config.option.verbose, 0)
        usual = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=verbosity, autoclobber=True, serialize=False)
        name = connection.settings_dict["NAME"]
    connections["default"].settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
        with as_owner():
            connection.creation.destroy_test_db(usual, verbosity=verbosity)


@pytest.fixture(scope="session", autouse=True)
def _flush_as_owner() -> Iterator[None]:
    """Tests that commit are cleaned up after by TRUNCATE, which the application may not."""
    with pytest.MonkeyPatch.context() as patch:
        flush = TransactionTestCase._fixture_teardown

        def by_owner(case: TransactionTestCase) -> None:
            with as_owner():
                flush(case)

        patch.setattr(TransactionTestCase, "_fixture_teardown", by_owner)
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Sign-in is rate-limited through the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory(name="Harbour Institute", slug="harbour", time_zone="Europe/Berlin")


@pytest.fixture
def owner(organisation: Organisation) -> Membership:
    return MembershipFactory(organisation=organisation, role=Role.OWNER, user__email="owner@harbour.example")


@pytest.fixture
def viewer(organisation: Organisation) -> Membership:
    return MembershipFactory(
        organisation=organisation, role=Role.VIEWER, user__email="viewer@harbour.example"
    )


@pytest.fixture
def analyst(organisation: Organisation) -> Membership:
    return MembershipFactory(
        organisation=organisation, role=Role.ANALYST, user__email="analyst@harbour.example"
    )


@pytest.fixture
def outsider(db: None) -> Membership:
    """An owner elsewhere."""
    return MembershipFactory(role=Role.OWNER, user__email="owner@elsewhere.example")


@pytest.fixture
def owner_client(owner: Membership) -> Client:
    client = Client()
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def analyst_client(analyst: Membership) -> Client:
    client = Client()
    client.force_login(analyst.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def viewer_client(viewer: Membership) -> Client:
    client = Client()
    client.force_login(viewer.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def outsider_client(outsider: Membership) -> Client:
    client = Client()
    client.force_login(outsider.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
