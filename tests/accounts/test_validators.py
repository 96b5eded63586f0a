import pytest
from django.core.exceptions import ValidationError

from accounts.validators import validate_time_zone


def test_zones_of_the_database_are_taken():
    for name in ("UTC", "Europe/Berlin", "America/Argentina/Ushuaia"):
        validate_time_zone(name)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "europe/berlin"])
def test_others_are_refused(name):
    with pytest.raises(ValidationError, match=r"such as Europe/Berlin"):
        validate_time_zone(name)
