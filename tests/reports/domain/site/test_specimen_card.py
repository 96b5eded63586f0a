import sys

import cv2
import numpy as np
import pytest
from pypdf import PdfReader

from reports.domain.site import specimen
from reports.domain.site.specimen_card import write_card
from reports.domain.site.specimen_pages import ToolMissingError
from reports.templatetags.report_words import decimal


def test_the_card_is_laid_out_on_one_page_with_the_moments_own_figures(tmp_path, monkeypatch):
    """By a stand-in for poppler that keeps the page, and draws the card that is shipped."""
    kept, shipped = tmp_path / "kept.pdf", specimen.FOLDER / specimen.CARD
    tool = tmp_path / "pdftoppm"
    tool.write_text(
        f"#!{sys.executable}\nimport shutil, sys\n"
        f"shutil.copy(sys.argv[-2], {str(kept)!r})\nshutil.copy({str(shipped)!r}, sys.argv[-1] + '-1.png')\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    moment = specimen.shipped().moments[0]
    (tmp_path / moment.picture).write_bytes((specimen.FOLDER / moment.picture).read_bytes())

    target = write_card(moment, tmp_path)

    (page,) = PdfReader(kept).pages
    words = page.extract_text()
    for unit in moment.units:
        assert f"{decimal(unit.measured)} {unit.letter}" in words
        assert f"posed {decimal(unit.posed)}" in words
    assert (float(page.mediabox.width), float(page.mediabox.height)) == (900, 472.5)
    assert len(page.images) == 1
    assert np.array_equal(cv2.imread(str(target)), cv2.imread(str(shipped)))


def test_without_poppler_there_is_no_card(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    moment = specimen.shipped().moments[0]
    (tmp_path / moment.picture).write_bytes((specimen.FOLDER / moment.picture).read_bytes())

    with pytest.raises(ToolMissingError):
        write_card(moment, tmp_path)
    assert not (tmp_path / specimen.CARD).exists()
