import pytest
from django.core.management import CommandError, call_command

from analysis.engine.errors import ModelsMissingError
from reports.domain.site.specimen_pages import ToolMissingError
from reports.management.commands import write_specimen


def test_without_the_tool_nothing_is_analysed_and_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommandError, match="poppler-utils"):
        call_command("write_specimen", tmp_path / "specimen")

    assert not (tmp_path / "specimen").exists()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ModelsMissingError(folder="/nowhere"), "model"),
        (OSError("disk full"), "cannot be written: disk full"),
        (ToolMissingError("May not be a PDF file"), "May not be a PDF file"),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence(error, told, tmp_path, monkeypatch):
    def write(*_args):
        raise error

    monkeypatch.setattr(write_specimen, "write", write)
    with pytest.raises(CommandError, match=told):
        call_command("write_specimen", tmp_path)
