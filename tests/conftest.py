import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.enums import Role
from accounts.models import Membership, Organisation
from tests.factories import MembershipFactory, OrganisationFactory


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in a file: in memory, connections do not wait for each other's writes as the product's do."""
    if connection.vendor == "sqlite":
        folder = tmp_path_factory.mktemp("database")
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


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
