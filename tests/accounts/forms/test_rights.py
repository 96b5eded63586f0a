"""Forms of requests by right: whom a request is of, and which answers there are."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.domain.rights.corrections import Label
from accounts.enums import RightsKind
from accounts.forms.rights import LATER, AnswerForm, CorrectionForm, RequestForm
from echodepth.tenancy import tenant
from tests.factories import SubjectFactory

pytestmark = pytest.mark.django_db


def test_the_person_is_the_projects_of_that_label_in_any_letters():
    subject = SubjectFactory(label="Quirina")
    SubjectFactory(label="Quirina")
    facts = {"label": "QUIRINA", "kind": "access", "received_on": timezone.localdate()}
    with tenant(subject.organisation_id):
        form = RequestForm(facts | {"project": subject.project_id})
        assert form.is_valid()
    assert form.subject == subject


def test_a_day_in_the_past_is_its_beginning_and_today_is_now():
    subject = SubjectFactory(label="Quirina")
    facts = {"project": subject.project_id, "label": "Quirina", "kind": "access"}
    with tenant(subject.organisation_id):
        past = RequestForm(facts | {"received_on": date(2026, 5, 4)})
        now = RequestForm(facts | {"received_on": timezone.localdate()})
        assert past.is_valid()
        assert now.is_valid()
    assert timezone.localtime(past.received_at()).strftime("%Y-%m-%d %H:%M") == "2026-05-04 00:00"
    assert (timezone.now() - now.received_at()).total_seconds() < 60


@pytest.mark.parametrize(
    ("kind", "later", "outcomes"),
    [
        (RightsKind.ACCESS, date(2027, 2, 2), ["done", "declined", LATER]),
        (RightsKind.OBJECTION, None, ["done", "declined"]),
        (RightsKind.ERASURE, None, ["declined"]),
    ],
)
def test_erasure_is_not_done_by_an_answer_and_longer_only_where_there_is_more_time(kind, later, outcomes):
    form = AnswerForm({"outcome": "nonsense"}, kind=kind, later=later)
    assert [value for value, _label in form.fields["outcome"].choices] == outcomes
    assert not form.is_valid()


def test_a_field_for_each_label_with_what_stands_there():
    subject = SubjectFactory()
    form = CorrectionForm(labels=[Label("subject", subject.pk, "Label", "Quirina")])
    assert form[f"subject.{subject.pk}"].value() == "Quirina"
