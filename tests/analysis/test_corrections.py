"""A recording's title is corrected by its person's request, and by nobody else's."""

import pytest

from accounts.domain.rights import corrections, requests
from accounts.enums import RightsKind
from accounts.models import AuditParty
from echodepth.tenancy import tenant
from tests.factories import RecordingFactory, SubjectFactory
from tests.support.tenants import every, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject():
    return SubjectFactory(label="P-01")


def correct(subject, texts):
    with tenant(subject.organisation_id):
        return corrections.correct(requests.receive(subject, RightsKind.CORRECTION), texts)


def test_the_title_changes_also_beside_the_trail(subject):
    recording = RecordingFactory(project=subject.project, subject=subject, title="Talk with Quirina")
    assert correct(subject, {f"recording.{recording.pk}": "Talk with Quirin"}) == 1
    assert fresh(recording).title == "Talk with Quirin"
    names = [party.name for party in every(AuditParty) if party.key == f"recording:{recording.pk}"]
    assert names == ["Talk with Quirin"]


def test_the_recording_of_another_person_keeps_its_title(subject):
    other = SubjectFactory(project=subject.project)
    recording = RecordingFactory(project=subject.project, subject=other, title="Hers")
    assert correct(subject, {f"recording.{recording.pk}": "Mine"}) == 0
    assert fresh(recording).title == "Hers"
