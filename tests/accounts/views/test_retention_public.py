"""The public page of a retention policy: classes and days, and nothing of what is there."""

import pytest

from accounts.enums import OrganisationState
from tests.factories import DeclarationFactory, ProjectFactory, RecordingFactory, RetentionPolicyFactory
from tests.support.tenants import save

pytestmark = pytest.mark.django_db
URL = "/retention/harbour/"


@pytest.fixture
def shown(organisation):
    return save(organisation, shows_retention=True, privacy_contact="privacy@harbour.example")


def test_anybody_reads_classes_days_and_whom_to_ask(client, shown):
    RetentionPolicyFactory(organisation=shown, days=90)
    project = ProjectFactory(organisation=shown, name="Secret project")
    RetentionPolicyFactory(organisation=shown, project=project, days=30)
    RecordingFactory(project=project, title="Secret meeting")

    text = client.get(URL).content.decode()

    assert "90 days after the upload" in text
    assert "in some projects 30 days after the upload" in text
    assert "privacy@harbour.example" in text
    assert "more days at most" in text
    assert "Secret" not in text
    assert "three years" not in text
    assert "3 years" not in text


def test_where_people_in_illinois_are_recorded_it_says_so(client, shown):
    DeclarationFactory(project=ProjectFactory(organisation=shown, declared=False), region="us_illinois")

    assert "at the latest 3 years after their last interaction" in client.get(URL).content.decode()


def test_one_that_shows_nothing_or_is_closed_reads_like_none(client, shown, organisation):
    save(organisation, shows_retention=False)
    hidden = client.get(URL)
    save(organisation, shows_retention=True, state=OrganisationState.CLOSED)
    closed = client.get(URL)
    missing = client.get("/retention/nowhere/")

    assert [answer.status_code for answer in (hidden, closed, missing)] == [404] * 3
    bodies = {answer.content.replace(b"nowhere", b"harbour") for answer in (hidden, closed, missing)}
    assert len({b"Harbour" in body for body in bodies}) == 1
    assert all(b"Harbour Institute" not in body for body in bodies)
