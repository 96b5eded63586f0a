"""Identity providers on loopback, for the tests of single sign-on."""

import pytest

from tests.factories import OrganisationFactory
from tests.support.oidc import provider as server
from tests.support.oidc import set_up


@pytest.fixture
def loopback(settings):
    """Our server may ask providers here, over plain HTTP."""
    settings.SSO_PLAIN_HTTP, settings.SSO_PRIVATE_HOSTS = True, ["127.0.0.1", "localhost"]
    settings.BASE_URL = "http://testserver"


@pytest.fixture
def there(db, loopback):
    with server() as made:
        yield made


@pytest.fixture
def provider(organisation, there):
    """The one there, as the harbour's."""
    return set_up(organisation, there.issuer)


@pytest.fixture
def hostile(db, loopback):
    """Another tenant and its provider, which says what its admins want."""
    with server() as made:
        made.organisation = OrganisationFactory(slug="hostile", name="Hostile Institute")
        set_up(made.organisation, made.issuer, "hostile.example")
        yield made
