import json

import pytest

from analysis.engine.findings import patterns, reliability, signal_table
from analysis.training.errors import TrainingError
from analysis.training.evaluation.bars import verdict
from analysis.training.evaluation.findings import report
from analysis.training.evaluation.findings.chapters import Chapter
from analysis.training.evaluation.findings.report import PAGE, Report, page, terminal, write

TABLE = {
    "fits": {"au": {"12": {"floor": 0.1, "low": 1.0, "high": 2.0}}},
    "tested": {"day": "2026-01-02", "model": "m 1"},
}


def made(*, holds=True, complete=True):
    bars = (verdict("Something", "at least 1", "1", holds),)
    return Report((Chapter("First", "One.", bars), Chapter("Second", "Two.", ())), TABLE, complete)


def test_the_page_has_every_chapter_and_what_it_was_made_with():
    text = page(made(), "python manage.py evaluate findings")

    assert text.index("## First\n\nOne.") < text.index("## Second\n\nTwo.")
    for said in ("2026-01-02", "m 1", "    python manage.py evaluate findings\n", "All hold."):
        assert said in text
    assert patterns.VERSION in text
    assert signal_table.VERSION in text


def test_what_does_not_hold_is_named():
    assert "**1 do not hold:** Something." in page(made(holds=False), "")
    assert "**no**" in terminal(made(holds=False))
    assert "**no**" not in terminal(made())


def test_table_and_page_are_written(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(reliability, "FILE", tmp_path / "reliability.json")

    write(made(), "again")

    assert json.loads((tmp_path / "reliability.json").read_text(encoding="utf-8")) == TABLE
    assert "    again\n" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_what_is_not_complete_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(reliability, "FILE", tmp_path / "reliability.json")

    with pytest.raises(TrainingError, match="Too few"):
        write(made(complete=False), "again")
    assert list(tmp_path.iterdir()) == []


def test_the_shipped_page_and_table_were_written_together():
    tested = reliability.tested()
    if tested is None:
        pytest.fail("reliability.json is not there: manage.py evaluate findings --write")
    text = PAGE.read_text(encoding="utf-8")

    assert f"Measured on {tested['day']} with {tested['model']}, pattern table" in text
    for kind in ("au", "emotion", "signal"):
        facts = tested["kinds"][kind]
        assert f"| {facts['inside']:.1%} of " in text
        assert f"{facts['width']:.2f} beside {facts['constant_width']:.2f}" in text
