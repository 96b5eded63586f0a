import pytest

from accounts.http import organisation_view
from echodepth.uploads import claimed_length, takes_upload


def test_a_view_without_a_gate_takes_no_upload():
    with pytest.raises(AttributeError, match="gate"):
        takes_upload(lambda _request: None)


def test_the_gate_is_that_of_the_view():
    view = organisation_view()(lambda _request: None)

    assert takes_upload(view).takes_upload is view.gate


@pytest.mark.parametrize(("said", "length"), [("7", 7), ("", 0), ("many", 0), (None, 0)])
def test_what_is_no_number_claims_nothing(rf, said, length):
    request = rf.post("/")
    request.META["CONTENT_LENGTH"] = said
    assert claimed_length(request) == length
