"""Uploading in parts to an S3 server: the same script, another origin, under the policy that names it."""

import hashlib
import os

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import expect

from analysis.models import Recording
from echodepth.storage import parts
from tests.factories import ProjectFactory
from tests.support import object_stores
from tests.support.clips import portrait_clip
from tests.support.tenants import every

pytestmark = pytest.mark.django_db(transaction=True)

LEAST = 5 * parts.MIB
"""S3 takes no smaller part but the last."""


@pytest.fixture(scope="module")
def server():
    with object_stores.moto() as url:
        yield object_stores.with_bucket(url, "none")


@pytest.fixture
def stored_there(server, settings, monkeypatch):
    settings.STORAGES = settings.STORAGES | {"default": server.storages()}
    monkeypatch.setattr(parts, "PART_SIZE", LEAST)
    for name, value in {"BUCKET": server.bucket, "ENDPOINT": server.url, "ADDRESSING": "path"}.items():
        monkeypatch.setenv(f"ECHODEPTH_S3_{name}", value)


@pytest.fixture
def uploading(analyst_client, page, live_server, organisation, stored_there):
    ProjectFactory(organisation=organisation, name="Interviews")
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": analyst_client.cookies[name].value, "url": live_server.url}]
    )
    page.goto("/o/harbour/upload/")
    return page


def test_parts_go_straight_to_the_storage(uploading, server, tmp_path):
    page = uploading
    tail = 2 * LEAST
    path = portrait_clip(tmp_path / "talk.mp4", frames=30)
    path.write_bytes(path.read_bytes() + (tail + 8).to_bytes(4, "big") + b"free" + os.urandom(tail))
    sent, ended, under_way = [], [], []

    def note(request):
        if request.method == "PUT":
            sent.append(request.url)
            under_way.append(len(sent) - len(ended))

    page.on("request", note)
    page.on("requestfinished", lambda request: ended.append(1) if request.method == "PUT" else None)

    page.get_by_label("Video files").set_input_files(path)
    page.get_by_role("button", name="Upload and analyse").click()
    page.wait_for_url("**/o/harbour/")

    expect(page.get_by_role("row", name="talk")).to_be_visible()
    assert len(sent) == 3
    assert max(under_way) > 1  # beside each other
    assert all(address.startswith(f"{server.url}/{server.bucket}/") for address in sent)
    (recording,) = every(Recording)
    assert recording.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    stored = server.client.get_object(Bucket=server.bucket, Key=recording.storage_key)["Body"].read()
    assert stored == path.read_bytes()
