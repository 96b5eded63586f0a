from zoneinfo import available_timezones

import pytest

from accounts.forms.organisation import OrganisationForm, SubjectForm, time_zone_choices
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory, SubjectFactory


def test_every_zone_can_be_chosen_once():
    names = [name for _area, zones in time_zone_choices() for name, _city in zones]

    assert sorted(names) == sorted(available_timezones())
    assert ("Europe/Berlin", "Berlin") in dict(time_zone_choices())["Europe"]


def test_a_zone_that_is_none_is_refused():
    assert OrganisationForm({"name": "A", "time_zone": "Europe/Berlin"}).is_valid()
    assert "time_zone" in OrganisationForm({"name": "A", "time_zone": "Mars/Olympus"}).errors


@pytest.fixture
def subject(db):
    made = SubjectFactory(label="Speaker")
    with tenant(made.organisation_id):
        yield made


def test_a_label_must_be_free_in_its_project(subject):
    elsewhere = ProjectFactory(organisation=subject.organisation)
    taken = SubjectForm({"label": " SPEAKER "}, project=subject.project)

    assert "has a subject with this label already" in str(taken.errors["label"])
    assert SubjectForm({"label": "Another"}, project=subject.project).is_valid()
    assert SubjectForm({"label": "Speaker"}, project=elsewhere).is_valid()


def test_a_subject_may_keep_its_own_label(subject):
    assert SubjectForm({"label": "SPEAKER"}, project=subject.project, keep=subject).is_valid()
