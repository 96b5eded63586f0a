from datetime import UTC, datetime
from pathlib import Path

import cv2
from django.conf import settings

from accounts.domain.lawful import rules
from accounts.domain.lawful.choices import PURPOSES, REGIONS, SETTINGS
from accounts.enums import UseState
from accounts.models import Organisation
from reports.domain.samples import working_days
from reports.domain.site import atlas
from reports.domain.site.home import SHOWN, Home
from reports.models import SampleRequest


def test_faces_are_those_of_the_reference_and_lie_where_it_puts_them():
    faces = Home.shipped().faces

    assert [face.unit.name for face in faces][:2] == ["Inner brow raiser", "Brow lowerer"]
    for number, face in zip(SHOWN, faces, strict=True):
        assert face.picture == atlas.shipped().entries[number].pictures["E"]
        drawn = cv2.imread(str(Path(settings.BASE_DIR) / "static" / face.picture))
        assert drawn.shape[:2] == (face.size, face.size)


def test_the_days_that_are_promised_are_those_in_which_the_desk_has_it_due():
    """Received on a Monday, where no holiday comes between."""
    received = datetime(2026, 6, 1, 9, tzinfo=UTC)
    sample = SampleRequest(organisation=Organisation(), received_at=received, country="DE", pauses=[])
    due = working_days.due_on(sample)

    assert working_days.between(received.date(), due, "DE") == Home.shipped().promised_days == 5


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
