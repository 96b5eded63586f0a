import pytest

from accounts.domain.lawful.choices import PURPOSES as KNOWN
from reports.domain.samples.asking import ROLES
from reports.sample_forms import PURPOSES, SampleForm
from tests.support.samples import TOLD

ASKED = TOLD | {"agreed": "on", "responsible": "on"}


def test_what_a_valid_form_tells():
    form = SampleForm(ASKED | {"name": " Grace \n Example ", "people": ["own_staff"]})

    assert form.is_valid(), form.errors
    wanted = form.wanted()
    assert (wanted.name, wanted.company, wanted.people) == ("Grace Example", "Prospect Works", ("own_staff",))
    assert {name: getattr(wanted, name) for name in TOLD} == TOLD


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "grace"}, "email"),
        ({"email": f"grace@{'x' * 60}.{'x' * 60}.{'x' * 60}.{'x' * 60}.example"}, "email"),
        ({"wish": ""}, "wish"),
        ({"wish": "x" * 2001}, "wish"),
        ({"country": "XX"}, "country"),
        ({"region": "mars"}, "region"),
        ({"purpose": "lie_detection"}, "purpose"),
        ({"setting": "demonstration"}, "setting"),
        ({"people": ["speaker"]}, "people"),
        ({"agreed": ""}, "agreed"),
        ({"responsible": ""}, "responsible"),
    ],
)
def test_what_is_missing_or_not_offered_is_asked_for(changes, field):
    form = SampleForm(ASKED | changes)

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert form.refused == form.to_confirm == []


def test_offered_are_the_purposes_a_sample_is_made_for_which_the_rules_allow():
    assert PURPOSES.keys() == ROLES.keys()
    for key, role in ROLES.items():
        assert role in KNOWN[key].roles


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"people": ["children"]}, "children"),
        ({"people": ["applicants"]}, "applicants"),
        ({"region": "eu", "setting": "workplace"}, "eu_work_teams"),
        ({"region": "eu", "setting": "education"}, "eu_education"),
        ({"region": "eu", "people": ["students"]}, "eu_students"),
    ],
)
def test_a_refused_use_is_told_with_its_reason(changes, rule):
    form = SampleForm(ASKED | changes)

    assert not form.is_valid()
    assert rule in [told.id for told in form.refused]
    assert "refuses this use" in str(form.non_field_errors())


def test_what_is_confirmed_by_name_is_confirmed_for_this_use_alone():
    asked = SampleForm(ASKED | {"region": "us_illinois"})
    other = SampleForm(ASKED | {"region": "other"})

    assert not asked.is_valid()
    assert not other.is_valid()
    assert [rule.id for rule in asked.to_confirm] == ["illinois_everybody"]
    assert list(asked.errors) == ["confirms"]
    confirmed = {"region": "us_illinois", "confirms": asked.confirmation}
    assert SampleForm(ASKED | confirmed).is_valid()
    assert not SampleForm(ASKED | confirmed | {"confirms": other.confirmation}).is_valid()
    assert not SampleForm(ASKED | confirmed | {"setting": "public_place"}).is_valid()


def test_what_fills_in_the_field_that_nobody_sees_is_a_program():
    assert SampleForm(ASKED | {"website": "https://spam.example"}).is_trapped
    assert not SampleForm(ASKED | {"website": ""}).is_trapped


def test_staff_is_asked_about_somebody_else():
    own, theirs = SampleForm(ASKED), SampleForm(ASKED, by_staff=True)

    assert theirs.is_valid()
    assert str(own["agreed"].label).startswith("Everybody")
    assert str(theirs["agreed"].label).startswith("The prospect told me")
    assert "The prospect, giving a pitch" in str(theirs["purpose"])
    assert "Me, giving a pitch" not in str(theirs["purpose"])
