from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analysis.facemodels.errors import PreparationError
from analysis.facemodels.fetch import WHEEL
from analysis.management.commands.prepare_models import ERRORS
from tests.analysis.facemodels.wheels import FILE_NAME, make_wheel, use_only
from tests.support.models import FOLDER


@pytest.fixture
def index(tmp_path, monkeypatch):
    folder = tmp_path / "index"
    folder.mkdir()
    use_only(folder, monkeypatch)
    return folder


def prepare_models(*arguments):
    out = StringIO()
    call_command("prepare_models", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("models", "index")
def test_the_folder_of_the_settings_is_taken_and_found_ready(settings):
    settings.MODELS_FOLDER = FOLDER

    assert prepare_models() == f"The face models are in {FOLDER}.\n"


@pytest.mark.usefixtures("index")
def test_without_network_it_says_what_to_do_and_what_pip_said(tmp_path):
    with pytest.raises(CommandError) as caught:
        prepare_models("--folder", str(tmp_path / "models"))

    message = str(caught.value)
    assert "could not be fetched" in message
    assert "Check this machine's network, then run the command again" in message
    assert "No matching distribution found for mediapipe==0.10.21" in message


def test_another_file_under_the_wheel_s_name_is_refused(index, tmp_path):
    made = make_wheel(index)

    with pytest.raises(CommandError) as caught:
        prepare_models("--folder", str(tmp_path / "models"))

    message = str(caught.value)
    assert FILE_NAME in message
    assert made.sha256 in message
    assert WHEEL.sha256 in message


def test_every_reason_has_its_sentence():
    codes = {error.code for error in PreparationError.__subclasses__()}

    assert codes == set(ERRORS)
