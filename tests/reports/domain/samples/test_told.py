from datetime import date

import pytest

from echodepth.tenancy import tenant
from reports.domain.samples import told
from tests.factories import RecordingFactory, SampleRequestFactory
from tests.support.samples import asked, desk
from tests.support.tenants import fresh, save

pytestmark = pytest.mark.django_db


def written(sample) -> str:
    with tenant(sample.organisation_id):
        return told.written(type(sample).objects.select_related("organisation").get(pk=sample.pk))


def test_all_that_the_prospect_said_is_in_it_and_nothing_of_another():
    place = desk(privacy_contact="privacy@desk.example")
    SampleRequestFactory(project__organisation=place, name="Somebody Else", wish="Their secret")
    sample = asked(region="eu", setting="online_meeting").sample
    recording = RecordingFactory(project=sample.project, original_name="our pitch.mp4")
    save(sample, question="Who speaks?", answer="The founder.", recording=recording)

    text = written(sample)

    for said in (
        sample.reference,
        "Grace Example",
        "grace@prospect.example",
        "Prospect Works",
        "How our pitch comes across.",
        "GB",
        "European Union",
        "A sales conversation",
        "An online meeting",
        "our pitch.mp4",
        "Who speaks?",
        "The founder.",
        "privacy@desk.example",
    ):
        assert said in text
    assert "Somebody Else" not in text
    assert "Their secret" not in text


def test_the_note_which_a_code_opens_is_never_told_nor_are_tags():
    desk()
    sample = asked().sample
    save(sample, note="A careful reading.", tags=["hot lead"])
    before = written(sample)
    save(fresh(sample), report_until="2026-12-01T10:00:00Z", erase_on=date(2026, 12, 24))

    after = written(sample)

    assert "A careful reading." not in before + after
    assert "2026-12-24" in after
    assert "hot lead" not in before + after


def test_what_was_erased_is_in_no_copy():
    desk()
    sample = asked().sample
    blank = dict.fromkeys(("name", "email", "company", "wish"), "")
    save(sample, project=None, **blank)

    text = written(sample)

    assert sample.reference in text
    assert "Grace" not in text
    assert "A sales conversation" not in text
