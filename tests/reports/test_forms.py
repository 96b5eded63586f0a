import pytest

from reports.domain.reviews import Reading
from reports.forms import REMARKS_LENGTH, ReviewForm

GIVEN = {"name": " Ada R. ", "remarks": "", "read": "on", "draft": "ab" * 32, "outcome": "signed"}


def test_a_signature_says_who_and_of_which_draft():
    form = ReviewForm(GIVEN)

    assert form.is_valid()
    assert form.signs
    assert form.reading == Reading("Ada R.", "", "ab" * 32)


def test_sending_back_needs_remarks_and_no_tick():
    given = GIVEN | {"outcome": "returned", "read": ""}

    assert list(ReviewForm(given).errors) == ["remarks"]
    form = ReviewForm(given | {"remarks": "The wrong person is measured."})
    assert form.is_valid()
    assert not form.signs


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"read": ""}, "read"),
        ({"name": "  "}, "name"),
        ({"draft": ""}, "draft"),
        ({"remarks": "a" * (REMARKS_LENGTH + 1)}, "remarks"),
        ({"outcome": ""}, "__all__"),
        ({"outcome": "approved"}, "__all__"),
    ],
)
def test_what_is_missing_is_said_where_it_is(changed, wrong):
    assert list(ReviewForm(GIVEN | changed).errors) == [wrong]
