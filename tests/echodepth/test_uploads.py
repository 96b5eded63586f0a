import pytest

from accounts.http import organisation_view
from echodepth.uploads import takes_upload


def test_a_view_without_a_gate_takes_no_upload():
    with pytest.raises(AttributeError, match="gate"):
        takes_upload(lambda _request: None)


def test_the_gate_is_that_of_the_view():
    view = organisation_view()(lambda _request: None)

    assert takes_upload(view).takes_upload is view.gate
