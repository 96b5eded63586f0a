import pytest

from reports.desk_forms import DeclineForm, OwnerForm, QueueForm, TagsForm
from reports.domain.samples.listing import Filters
from tests.factories import UserFactory


def filters(**data):
    user = UserFactory.build(pk=7, full_name="Sal")
    return QueueForm(data, people=[user], tags=["big"]).filters()


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({}, Filters()),
        ({"state": "in_review", "owner": "me"}, Filters(state="in_review", owner="me")),
        ({"owner": "7", "tag": "big", "overdue": "on"}, Filters(owner="7", tag="big", overdue=True)),
        ({"state": "nonsense", "owner": "8", "tag": "no", "text": "Ltd"}, Filters(text="Ltd")),
        ({"text": "x" * 201}, Filters()),
    ],
)
def test_what_is_not_known_narrows_nothing(told, found):
    assert filters(**told) == found


def test_tags_fall_apart_at_commas_and_a_reason_is_needed():
    form = TagsForm({"tags": "a, b"})

    assert form.is_valid()
    assert form.cleaned_data["tags"] == ["a", " b"]
    assert DeclineForm({"reason": " "}).errors.keys() == {"reason"}


@pytest.mark.django_db
def test_an_owner_is_one_of_the_people_or_nobody():
    mine, other = UserFactory(), UserFactory()

    assert OwnerForm({"owner": mine.pk}, people=[mine]).is_valid()
    assert OwnerForm({"owner": ""}, people=[mine]).is_valid()
    assert not OwnerForm({"owner": other.pk}, people=[mine]).is_valid()
