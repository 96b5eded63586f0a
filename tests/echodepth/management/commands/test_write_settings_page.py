from django.core.management import call_command

from echodepth.management.commands import write_settings_page
from echodepth.settings_page import BEGIN, END


def test_the_table_is_written_between_its_marks(tmp_path, monkeypatch):
    page = tmp_path / "settings.md"
    page.write_text(f"# Settings\n{BEGIN}\nout of date\n{END}\nMore\n", encoding="utf-8")
    monkeypatch.setattr(write_settings_page, "PAGE", page)

    call_command("write_settings_page")

    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# Settings\n{BEGIN}")
    assert text.endswith(f"{END}\nMore\n")
    assert "`ECHODEPTH_BIND`" in text
    assert "out of date" not in text
