import pytest
from django.core.exceptions import ValidationError

from accounts.validators import validate_time_zone


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia"])
def test_zones_of_the_database_are_taken(name):
    assert validate_time_zone(name) is None


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "europe/berlin"])
def test_others_are_refused(name):
    with pytest.raises(ValidationError, match=r"such as Europe/Berlin"):
        validate_time_zone(name)
