import pytest

from analysis.facemodels.__main__ import main
from tests.analysis.facemodels.wheels import use_only
from tests.support.models import FOLDER


@pytest.mark.usefixtures("models")
def test_a_prepared_folder_is_said_to_be_there(capsys):
    assert main([str(FOLDER)]) == 0

    assert capsys.readouterr().out == f"{FOLDER}: present\n"


def test_no_network_gives_the_code_and_exit_1(tmp_path, monkeypatch, capsys):
    use_only(tmp_path, monkeypatch)

    assert main([str(tmp_path / "models")]) == 1

    assert capsys.readouterr().err.startswith("models_unreachable ")
