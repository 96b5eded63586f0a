"""What only a server that checks signatures shows: Ceph's gateway."""

import random
import time
from datetime import timedelta
from hashlib import sha256
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit, urlunsplit
from uuid import uuid4

import pytest

from echodepth.storage import s3_parts
from echodepth.storage.parts import MIB, PartLink
from echodepth.storage.prepare import prepare
from echodepth.storage.s3 import ObjectStorage
from echodepth.storage.s3_parts import S3Parts
from tests.support.object_stores import send

pytestmark = pytest.mark.xdist_group("ceph")

PART = 5 * MIB
DATA = random.Random(1).randbytes(PART)


@pytest.fixture
def storage(ceph):
    return ObjectStorage(**ceph.options())


@pytest.fixture
def store(storage):
    return S3Parts(storage)


@pytest.fixture
def key():
    return f"{uuid4()}/recordings/1/media"


@pytest.fixture
def begun(store, key):
    parts_id = store.begin(key, PART)
    yield parts_id
    store.abandon(key, parts_id)


def changed(link, **query):
    """The link with other values in its query; one that is None is left out."""
    parts = urlsplit(link.url)
    told = {name: values[0] for name, values in parse_qs(parts.query).items()} | query
    text = "&".join(f"{name}={value}" for name, value in told.items() if value is not None)
    return PartLink(link.number, urlunsplit(parts._replace(query=text)))


def test_a_link_says_how_long_it_is_good_and_signs_the_length(store, key, begun):
    told = parse_qs(urlsplit(store.link(key, begun, 1, PART).url).query)

    assert told["X-Amz-Expires"] == ["3600"]
    assert told["X-Amz-SignedHeaders"] == ["content-length;host"]
    assert "secret" not in str(told).lower()


def test_a_link_that_was_changed_opens_nothing(store, key, begun):
    link = store.link(key, begun, 1, PART)
    signature = parse_qs(urlsplit(link.url).query)["X-Amz-Signature"][0]
    other = ("0" if signature[0] != "0" else "1") + signature[1:]
    elsewhere = link.url.replace(key, key.replace("recordings", "documents"))

    for tampered in (
        changed(link, partNumber="2"),
        changed(link, **{"X-Amz-Signature": other}),
        changed(link, **{"X-Amz-Expires": "7200"}),
        changed(link, **{"X-Amz-Signature": None}),
        PartLink(1, urlunsplit(urlsplit(link.url)._replace(query=f"partNumber=1&uploadId={begun}"))),
        PartLink(1, elsewhere),
    ):
        assert send(tampered, DATA)[0] in {400, 403}
    assert store.received(key, begun) == []
    assert send(link, DATA)[0] == 200


def test_a_link_expires(store, key, begun, monkeypatch):
    monkeypatch.setattr(s3_parts, "LINK_LIFE", timedelta(seconds=1))
    link = store.link(key, begun, 1, PART)
    time.sleep(2.5)

    assert send(link, DATA)[0] == 403
    assert store.received(key, begun) == []


def test_what_is_there_is_given_to_no_stranger(storage, store, key, begun):
    send(store.link(key, begun, 1, PART), DATA)
    store.finish(key, begun, store.received(key, begun))
    address = urlsplit(storage.endpoint_url).netloc
    for path in (
        f"/{storage.bucket_name}/{key}",
        f"/{storage.bucket_name}/",
        f"/{storage.bucket_name}?uploads",
    ):
        connection = HTTPConnection(address, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, DATA[:20] in answer.read()) == (403, False)
        connection.close()


def test_browsers_of_the_portal_alone_may_send_and_read_the_mark(storage, store, key, begun, ceph):
    list(prepare(storage, "https://portal.example"))
    url = urlsplit(store.link(key, begun, 1, PART).url)

    def asked(method, origin, body=None):
        connection = HTTPConnection(url.netloc, timeout=60)
        headers = {"Origin": origin} | ({} if body else {"Access-Control-Request-Method": "PUT"})
        connection.request(method, f"{url.path}?{url.query}", body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    assert asked("OPTIONS", "https://portal.example").headers["Access-Control-Allow-Origin"]
    assert "Access-Control-Allow-Origin" not in asked("OPTIONS", "https://other.example").headers
    sent = asked("PUT", "https://portal.example", DATA)
    assert sent.status == 200
    assert "ETag" in sent.headers["Access-Control-Expose-Headers"]
    assert sent.headers["ETag"]


def test_links_name_the_address_that_browsers_reach(ceph, key):
    inside = ObjectStorage(**ceph.options(public_endpoint="https://s3.example.org"))
    link = S3Parts(inside).link(key, "x", 1, PART)

    assert link.url.startswith(f"https://s3.example.org/{ceph.bucket}/{key}?")
    virtual = ObjectStorage(
        **ceph.options(public_endpoint="https://s3.example.org", addressing_style="virtual")
    )
    assert (
        S3Parts(virtual)
        .link(key, "x", 1, PART)
        .url.startswith(f"https://{ceph.bucket}.s3.example.org/{key}?")
    )


def test_200_megabytes_and_a_server_that_is_killed_in_the_middle(storage, store, key, ceph_cluster):
    """What came in before stays, the rest follows, and what lies there is what was sent."""
    part, count = 20 * MIB, 10
    parts_id = store.begin(key, part)
    digest = sha256()

    def send_one(number):
        content = random.Random(number).randbytes(part)
        assert send(store.link(key, parts_id, number, part), content)[0] == 200
        digest.update(content)

    for number in range(1, 6):
        send_one(number)
    before = store.received(key, parts_id)
    ceph_cluster.kill()
    ceph_cluster.start()
    assert store.received(key, parts_id) == before
    for number in range(6, count + 1):
        send_one(number)
    store.finish(key, parts_id, store.received(key, parts_id))

    stored = sha256()
    with storage.open(key) as content:
        for piece in content.chunks(MIB):
            stored.update(piece)
    assert stored.hexdigest() == digest.hexdigest()
    assert storage.size(key) == part * count
    storage.delete(key)
