"""An objection stands from when it was made until it is lifted."""

import pytest

from accounts.announcements import subject_objected
from accounts.domain.rights import objections
from echodepth.tenancy import tenant
from tests.factories import SubjectFactory
from tests.support.tenants import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    subjects = []

    def hear(subject, **_more):
        subjects.append(subject.pk)

    subject_objected.connect(hear)
    yield subjects
    subject_objected.disconnect(hear)


def test_it_is_announced_and_a_second_one_keeps_the_first_time(heard):
    subject, other = SubjectFactory(), SubjectFactory()
    with tenant(subject.organisation_id):
        objections.uphold(subject)
        first = fresh(subject).objected_at
        objections.uphold(fresh(subject))
    assert first is not None
    assert fresh(subject).objected_at == first
    assert fresh(other).objected_at is None
    assert heard == [subject.pk, subject.pk]


def test_lifted_the_person_may_be_analysed_again():
    subject = SubjectFactory()
    with tenant(subject.organisation_id):
        objections.uphold(subject)
        objections.lift(subject)
    assert fresh(subject).objected_at is None
