import pytest

from tests.support.consents import subject_of


@pytest.fixture
def subject(organisation):
    """Of a project whose use wants consent and a notice."""
    return subject_of(organisation)


@pytest.fixture
def elsewhere(outsider):
    """Of another organisation."""
    return subject_of(outsider.organisation)
