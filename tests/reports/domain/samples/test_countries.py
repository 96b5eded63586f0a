from datetime import date

import holidays
from django.utils import translation

from reports.domain.samples.countries import NAMES, names


def test_names_read_as_people_write_them_and_are_in_their_order():
    assert NAMES["GB"] == "United Kingdom"
    assert NAMES["IM"] == "Isle of Man"
    assert NAMES["BA"] == "Bosnia and Herzegovina"
    assert NAMES["CD"] == "Congo (Democratic Republic)"
    assert list(NAMES.values()) == sorted(NAMES.values())
    assert not any("  " in name or name != name.strip() for name in NAMES.values())


def test_of_every_country_the_public_holidays_are_known():
    """That is what the codes are for."""
    assert len(NAMES) > 200
    for code in NAMES:
        assert isinstance(holidays.country_holidays(code, years=2026).is_working_day(date(2026, 6, 3)), bool)


def test_they_are_named_in_the_readers_language_and_in_its_order():
    with translation.override("de"):
        german = names()
    with translation.override("es"):
        spanish = names()

    assert names() == NAMES
    assert german.keys() == spanish.keys() == NAMES.keys()
    assert (german["EG"], spanish["EG"]) == ("Ägypten", "Egipto")
    assert list(german.values())[:3] == ["Afghanistan", "Ägypten", "Ålandinseln"]
    assert list(spanish.values())[-2:] == ["Zambia", "Zimbabue"]
