"""Small parts on a disk of its own, files to send, and the page."""

import os

import pytest
from django.conf import settings

from echodepth.storage import parts
from tests.factories import ProjectFactory
from tests.support.clips import portrait_clip
from tests.support.uploading import PART

TAIL = 600_000


@pytest.fixture(autouse=True)
def storage(settings, tmp_path, monkeypatch):
    options = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": options},
    }
    monkeypatch.setattr(parts, "PART_SIZE", PART)
    monkeypatch.setattr(parts, "MIB", PART)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return portrait_clip(tmp_path_factory.mktemp("clips") / "talk.mp4", frames=30)


@pytest.fixture
def big(tmp_path, clip):
    """A video with a tail that players do not mind, no two parts of it alike."""
    path = tmp_path / "big.mp4"
    path.write_bytes(clip.read_bytes() + (TAIL + 8).to_bytes(4, "big") + b"free" + os.urandom(TAIL))
    return path


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "letter.mp4"
    path.write_bytes(b"This is not a video. " * 5000)
    return path


@pytest.fixture
def forgiven(forgiven):
    """Lines break here, and a storage."""
    return (*forgiven, "net::ERR_CONNECTION_RESET", "net::ERR_INTERNET_DISCONNECTED", "status of 503")


@pytest.fixture
def uploading(analyst_client, page, live_server, organisation):
    """The page, signed in without the form for it."""
    ProjectFactory(organisation=organisation, name="Interviews")
    session = analyst_client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto("/o/harbour/upload/")
    return page
