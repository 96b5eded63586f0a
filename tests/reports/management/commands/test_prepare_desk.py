from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import OrganisationState
from accounts.models import Organisation
from tests.support.tenants import every, save


def prepared(**options):
    said = StringIO()
    call_command("prepare_desk", stdout=said, **options)
    return said.getvalue()


def test_it_says_where_the_desk_is_and_then_nothing_more(db):
    said = prepared(name="Example samples", contact="privacy@samples.example", time_zone="Asia/Tokyo")

    assert "/sample/" in said
    assert "/desk/" in said
    (made,) = every(Organisation)
    assert (made.is_desk, made.name, made.time_zone) == (True, "Example samples", "Asia/Tokyo")
    assert prepared() == ""


@pytest.mark.parametrize(
    "options", [{"name": ""}, {"name": "x" * 201}, {"time_zone": "Mars/Olympus"}, {"name": "[[Name]]"}]
)
def test_what_cannot_be_is_told_in_a_sentence_and_makes_nothing(db, options):
    with pytest.raises(CommandError) as refusal:
        prepared(**options)

    assert str(refusal.value)
    assert every(Organisation) == []


def test_a_suspended_desk_is_not_made_twice(db):
    prepared()
    (made,) = every(Organisation)
    save(made, state=OrganisationState.SUSPENDED)

    with pytest.raises(CommandError, match="suspended"):
        prepared()
    assert every(Organisation) == [made]
