"""What is corrected is the person's own, and leaves no old name beside the trail."""

import pytest

from accounts.domain.rights import corrections, requests
from accounts.enums import RightsKind
from accounts.models import AuditParty
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import SubjectFactory
from tests.support.tenants import every, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject():
    return SubjectFactory(label="Quirina")


def correct(subject, texts):
    with tenant(subject.organisation_id):
        request = requests.receive(subject, RightsKind.CORRECTION)
        return corrections.correct(request, texts)


def test_the_label_changes_here_and_beside_the_trail(subject):
    assert correct(subject, {f"subject.{subject.pk}": " Quirin "}) == 1
    assert fresh(subject).label == "Quirin"
    assert [party.name for party in every(AuditParty) if party.key == f"subject:{subject.pk}"] == ["Quirin"]


def test_another_person_is_not_renamed_by_way_of_this_one(subject):
    other = SubjectFactory(project=subject.project, label="Other")
    assert correct(subject, {f"subject.{other.pk}": "Changed", "subject.nonsense": "x"}) == 0
    assert (fresh(subject).label, fresh(other).label) == ("Quirina", "Other")


def test_empty_and_the_same_are_passed_over(subject):
    assert correct(subject, {f"subject.{subject.pk}": "  "}) == 0
    assert correct(subject, {f"subject.{subject.pk}": "Quirina"}) == 0


def test_a_label_that_somebody_has_is_refused(subject):
    SubjectFactory(project=subject.project, label="Other")
    with pytest.raises(UserError) as refusal:
        correct(subject, {f"subject.{subject.pk}": "other"})
    assert refusal.value.code == "label_taken"
    assert fresh(subject).label == "Quirina"
