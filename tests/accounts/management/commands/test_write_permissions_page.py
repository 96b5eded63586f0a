from django.core.management import call_command

from accounts.management.commands import write_permissions_page


def test_the_page_is_written_anew(tmp_path, monkeypatch):
    page = tmp_path / "permissions.md"
    page.write_text("out of date", encoding="utf-8")
    monkeypatch.setattr(write_permissions_page, "PAGE", page)

    call_command("write_permissions_page")

    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Who may do what")
    assert "| | Owner | Admin | Analyst | Reviewer | Viewer | Guest |" in text
    assert "out of date" not in text
