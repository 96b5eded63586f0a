import json
import stat
import sys

import cv2
import numpy as np
import pytest
from pypdf import PdfReader

from reports.domain.site import specimen, specimen_pages
from reports.domain.site.specimen_pages import ToolMissingError, drawn, pages

REPORT = specimen.FOLDER / specimen.REPORT


def stand_in(folder, monkeypatch, script):
    """A `pdftoppm` of our own, alone on the path: not every machine has poppler."""
    tool = folder / "pdftoppm"
    tool.write_text(f"#!{sys.executable}\nimport sys\n{script}\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))


@pytest.fixture
def sheets(tmp_path, monkeypatch):
    """It draws blank sheets of the height that is asked for, as many as are asked for."""
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((1500, 1061, 3), 255, np.uint8))
    script = f"""
import shutil
asked = sys.argv[1:]
assert asked[asked.index("-scale-to-y") + 1] == "{specimen_pages.HEIGHT}", asked
for number in range(int(asked[asked.index("-l") + 1])):
    shutil.copy({str(blank)!r}, f"{{asked[-1]}}-{{number + 1:02d}}.png")
"""
    stand_in(tmp_path, monkeypatch, script)


def test_the_body_and_two_pages_of_the_appendix_are_drawn_with_their_titles(sheets, tmp_path):
    found = pages(REPORT, tmp_path)

    shipped = json.loads((specimen.FOLDER / specimen.FACTS).read_text(encoding="utf-8"))
    assert found == shipped["pages"]
    assert [page["title"] for page in found][-2:] == [
        "Appendix: every frame",
        "Appendix: every frame, continued",
    ]
    assert len(found) < shipped["all_pages"] == len(PdfReader(REPORT).pages)
    for page in found:
        for name, height in ((page["picture"], page["height"]), (page["small"], page["small_height"])):
            assert cv2.imread(str(tmp_path / name)).shape[0] == height


def test_without_the_tool_it_says_which_one(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ToolMissingError, match="pdftoppm"):
        drawn(REPORT, 100, 1)


def test_what_the_tool_complains_about_is_told(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "sys.exit('May not be a PDF file')")

    with pytest.raises(ToolMissingError, match="May not be a PDF"):
        drawn(REPORT, 100, 1)
