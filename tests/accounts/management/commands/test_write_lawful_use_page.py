from django.core.management import call_command

from accounts.lawful_page import page
from accounts.management.commands import write_lawful_use_page


def test_the_page_is_written_from_the_table(tmp_path, monkeypatch):
    written = tmp_path / "lawful-use.md"
    monkeypatch.setattr(write_lawful_use_page, "PAGE", written)

    call_command("write_lawful_use_page")

    assert written.read_text(encoding="utf-8") == page()
