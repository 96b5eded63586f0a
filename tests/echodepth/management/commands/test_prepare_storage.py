from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from echodepth.management.commands import prepare_storage
from echodepth.storage.prepare import NOTE, OK, WRONG, Step
from echodepth.storage.s3 import StorageError


def said():
    """What it says, and why it ends badly."""
    out = StringIO()
    try:
        call_command("prepare_storage", stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_a_folder_is_made(settings, tmp_path):
    folder = tmp_path / "files"
    place = {"location": str(folder), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": place}}

    assert said() == (f"ok  Files are kept in the folder {folder}, which can be written.\n", "")
    assert list(folder.iterdir()) == []


@pytest.fixture
def steps(monkeypatch, settings):
    """What the server's preparation says; asked with the portal's origin."""
    told, asked = [], []

    def prepare(_storage, origin):
        asked.append(origin)
        yield from told

    settings.BASE_URL = "https://portal.example/"
    monkeypatch.setattr(prepare_storage, "object_storage", object)
    monkeypatch.setattr(prepare_storage, "prepare", prepare)
    yield told
    assert asked == ["https://portal.example"]


def test_what_is_well_ends_well(steps):
    steps += [Step(OK, "It was made."), Step(NOTE, "It knows no rules.")]

    assert said() == ("ok  It was made.\n--  It knows no rules.\n", "")


def test_what_is_wrong_ends_with_status_1(steps):
    steps += [Step(OK, "It was made."), Step(WRONG, "Anybody can read it.")]

    assert said() == (
        "ok  It was made.\nNO  Anybody can read it.\n",
        "Look at the lines above that begin with NO.",
    )


def test_a_server_that_is_not_reached_is_said(steps, monkeypatch):
    def prepare(_storage, origin):
        list(steps_of(_storage, origin))
        raise StorageError("nobody answers")
        yield

    steps_of = prepare_storage.prepare
    monkeypatch.setattr(prepare_storage, "prepare", prepare)

    assert said() == ("", "The storage cannot be used: nobody answers")
