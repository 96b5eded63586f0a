import socket

import pytest
from django.core.management import CommandError, call_command

from echodepth.backups.installation import BackupError, Entry, Manifest
from echodepth.backups.restore import Restored
from echodepth.management.commands import restore as module
from tests.support.postgres import free_port


@pytest.fixture
def asked(monkeypatch, settings, tmp_path):
    """What the command asks for, instead of doing it; what it is answered with can be set."""
    settings.BIND = f"127.0.0.1:{free_port()}"
    told = {}

    def restore(here, folder, *, replace):
        told["asked"] = (folder, replace)
        if isinstance(told["answer"], Exception):
            raise told["answer"]
        return told["answer"]

    monkeypatch.setattr(module, "embedded", lambda: None)
    monkeypatch.setattr(module, "restore", restore)
    return told


def restored(*, aside=None, fits=True):
    entry = Entry(5, "a" * 64)
    return Restored(
        Manifest("2026-05-04T12:00:00+00:00", "signed", {"echodepth.sqlite3": entry}), aside, fits
    )


def test_it_says_what_is_back_and_what_to_do_next(asked, tmp_path, capsys):
    asked["answer"] = restored()

    call_command("restore", str(tmp_path))

    said = capsys.readouterr()
    assert asked["asked"] == (tmp_path, False)
    assert "1 files are back and verified, rows as of 2026-05-04T12:00:00+00:00." in said.out
    assert "manage.py migrate" in said.out
    assert said.err == ""


def test_it_says_where_the_old_lies_and_that_the_key_is_another(asked, tmp_path, capsys):
    asked["answer"] = restored(aside=tmp_path / "replaced-1", fits=False)

    call_command("restore", str(tmp_path), replace=True)

    said = capsys.readouterr()
    assert asked["asked"] == (tmp_path, True)
    assert str(tmp_path / "replaced-1") in said.out
    assert "another secret key" in said.err


@pytest.mark.parametrize("error", [BackupError("The backup is damaged."), OSError(28, "No space left")])
def test_what_goes_wrong_is_one_sentence(asked, tmp_path, error):
    asked["answer"] = error

    with pytest.raises(CommandError, match=r"damaged|No space left"):
        call_command("restore", str(tmp_path))


def test_it_does_nothing_while_the_product_runs(asked, settings, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.BIND = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(CommandError, match="stop the product"):
            call_command("restore", str(tmp_path))

    assert "asked" not in asked
