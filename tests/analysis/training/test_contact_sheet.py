import cv2
import pytest

from analysis.training import __main__ as command
from analysis.training import contact_sheet, facekit


@pytest.mark.usefixtures("rig")
def test_the_sheet_shows_every_unit_in_its_group(tmp_path):
    path = tmp_path / "sheet.png"

    assert command.main(["contact-sheet", str(path)]) == 0

    sheet = cv2.imread(str(path))
    rows = sum(-(-count // contact_sheet.COLUMNS) for count in (1 + 6, 1 + 9, 1 + 6, 1 + 23))
    assert sheet.shape[1] == contact_sheet.COLUMNS * contact_sheet.TILE
    assert sheet.shape[0] == rows * (contact_sheet.TILE + contact_sheet.CAPTION) + 4 * 30


def test_without_the_head_model_the_command_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(facekit.SETTING, str(tmp_path / "none.npz"))

    assert command.main(["contact-sheet", str(tmp_path / "sheet.png")]) == 1
    assert facekit.SETTING in capsys.readouterr().err
