from pathlib import Path

from django.conf import settings

from accounts.domain.lawful import rules
from accounts.domain.lawful.choices import PURPOSES, REGIONS, SETTINGS
from accounts.enums import UseState
from reports.domain.samples.working_days import PROMISED
from reports.domain.site.home import Home


def test_faces_are_those_of_the_reference_and_lie_where_it_puts_them():
    faces = Home.shipped().faces

    assert [face.unit.name for face in faces][:2] == ["Inner brow raiser", "Brow lowerer"]
    assert [
        face.picture for face in faces if not (Path(settings.BASE_DIR) / "static" / face.picture).is_file()
    ] == []


def test_every_purpose_that_is_told_as_refused_is_refused_wherever_it_is_declared():
    told = Home.shipped().refused
    keys = [key for key, purpose in PURPOSES.items() if purpose in told]
    states = {
        rules.judge(key, setting, region, []).state
        for key in keys
        for setting in SETTINGS
        for region in REGIONS
    }

    assert "recruitment" in keys
    assert "sales_meeting" not in keys
    assert states == {UseState.REFUSED}


def test_countries_have_their_languages_from_the_list_of_cohorts():
    countries = {country.name: country.languages for country in Home.shipped().countries}

    assert countries["Switzerland"] == ("German", "French", "Italian")
    assert len(countries) == 6


def test_machines_read_who_offers_what_and_no_price():
    home = Home.shipped()
    organisation, software = home.structured["@graph"]

    assert (organisation["@type"], software["@type"]) == ("Organization", "SoftwareApplication")
    assert software["publisher"]["@id"] == organisation["@id"]
    assert organisation["logo"].startswith("http")
    assert "offers" not in software
    assert home.promised_days == PROMISED
