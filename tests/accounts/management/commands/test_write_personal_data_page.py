"""`manage.py write_personal_data_page` writes what the tables say."""

from django.core.management import call_command

from accounts.management.commands import write_personal_data_page as command
from echodepth.personal_page import page


def test_the_page_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "PAGE", tmp_path / "page.md")
    call_command("write_personal_data_page")
    written = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert written == page()
    assert "| `accounts.Subject.label` | subject | subject | row |" in written
    assert "| `accounts.User` | id | password |" in written
