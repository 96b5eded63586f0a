import errno
import json
import os
import socket
import threading
import time
from hashlib import sha256
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client

from echodepth.storage import receiving
from echodepth.storage.chosen import part_store
from echodepth.storage.parts import LINK_LIFE
from echodepth.uploads import SMALL_BODY
from tests.support.storage import RemoteStorage

KEY = "0b5c/recordings/77/media"
PART = 12_000_000
CONTENT = b"0123456789" * 300_000
"""Of one part, of several pieces."""


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    place = {"location": str(tmp_path), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": place}}


@pytest.fixture
def begun():
    return part_store().begin(KEY, PART)


@pytest.fixture
def url(begun):
    return part_store().link(KEY, begun, 1, len(CONTENT)).url


def put(url, content, **headers):
    client = Client(enforce_csrf_checks=True)
    return client.put(url, content, content_type="video/mp4", headers=headers)


def problem(response):
    assert response["Content-Type"] == "application/problem+json"
    told = json.loads(response.content)
    assert KEY not in response.content.decode()
    assert told["status"] == response.status_code
    return told["code"], response.status_code


def test_the_holder_of_a_link_sends_the_part_without_a_session(url, begun, tmp_path):
    answer = put(url, CONTENT)

    assert answer.status_code == 200
    assert answer.content == b""
    assert answer["ETag"] == f'"{sha256(CONTENT).hexdigest()}"'
    assert answer.cookies == {}
    (received,) = part_store().received(KEY, begun)
    assert (received.number, received.size, received.etag) == (1, len(CONTENT), answer["ETag"].strip('"'))
    part_store().finish(KEY, begun, [received])
    assert (tmp_path / KEY).read_bytes() == CONTENT


def test_a_part_may_be_larger_than_what_other_addresses_take(begun):
    content = b"x" * (SMALL_BODY + 1)
    link = part_store().link(KEY, begun, 1, len(content))

    assert put(link.url, content).status_code == 200


def test_a_link_is_good_for_an_hour(url, begun, monkeypatch):
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + LINK_LIFE.total_seconds() + 1)
    assert problem(put(url, CONTENT)) == ("link_expired", 403)
    assert part_store().received(KEY, begun) == []

    monkeypatch.setattr("time.time", lambda: now + LINK_LIFE.total_seconds() - 1)
    assert put(url, CONTENT).status_code == 200


def test_a_link_that_was_changed_is_none(url, begun):
    other = part_store().link(KEY, begun, 2, len(CONTENT)).url
    of_other, of_url = (link.removeprefix("/parts/").removesuffix("/").split(":") for link in (other, url))
    crossed = ":".join([of_other[0], *of_url[1:]])

    for token in (crossed, "x", ":".join(of_url)[:-1]):
        assert problem(put(f"/parts/{token}/", CONTENT)) == ("link_wrong", 403)
    assert part_store().received(KEY, begun) == []


def test_what_was_signed_for_something_else_is_no_link(begun):
    token = receiving.signing.dumps([KEY, begun, 1, len(CONTENT)], salt="echodepth.files")

    assert problem(put(f"/parts/{token}/", CONTENT)) == ("link_wrong", 403)


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT + b"x"])
def test_a_part_of_another_size_is_refused_before_it_is_read(url, begun, content):
    assert problem(put(url, content)) == ("size_differs", 400)
    assert part_store().received(KEY, begun) == []


def test_a_part_without_a_length_is_refused(url):
    assert problem(put(url, CONTENT, Content_Length="")) == ("length_required", 411)


def test_only_put_is_answered(url):
    for method in ("get", "post", "delete", "patch"):
        answer = getattr(Client(), method)(url)
        assert (answer.status_code, answer["Allow"]) == (405, "PUT")


def test_an_upload_that_is_finished_or_given_up_takes_nothing(url, begun):
    part_store().abandon(KEY, begun)

    assert problem(put(url, CONTENT)) == ("upload_gone", 404)


def test_the_same_part_sent_again_meanwhile_ends_the_earlier(url, monkeypatch):
    real, once = receiving._piece, []

    def overtaken(request, size):
        if not once:
            once.append(True)
            assert put(url, CONTENT).status_code == 200
        return real(request, size)

    monkeypatch.setattr(receiving, "_piece", overtaken)
    assert problem(put(url, CONTENT)) == ("part_replaced", 409)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, ("storage_full", 507)),
        (errno.EDQUOT, ("storage_full", 507)),
        (errno.EIO, ("storage_unavailable", 503)),
    ],
)
def test_a_disk_that_refuses(url, begun, monkeypatch, number, said):
    def refuse(*_what):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", refuse)
        assert problem(put(url, CONTENT)) == said
    assert part_store().received(KEY, begun) == []
    assert put(url, CONTENT).status_code == 200


def test_a_link_of_before_storage_moved_elsewhere_is_none(url, monkeypatch):
    monkeypatch.setattr(receiving, "part_store", RemoteStorage)

    assert problem(put(url, CONTENT)) == ("link_wrong", 403)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_what):
        pass


@pytest.fixture
def server():
    """Host and port of the site as a server that reads from a socket."""
    httpd = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield httpd.server_address
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def head_of(url, length):
    return f"PUT {url} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n".encode()


def test_a_client_that_goes_away_leaves_nothing(server, url, begun, tmp_path):
    with socket.create_connection(server, 10) as client:
        client.sendall(head_of(url, len(CONTENT)) + CONTENT[: len(CONTENT) // 2])
        client.shutdown(socket.SHUT_WR)
        answer = client.makefile("rb").read()

    assert b"400 Bad Request" in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "size_differs"
    assert part_store().received(KEY, begun) == []
    assert put(url, CONTENT).status_code == 200


def test_who_is_refused_is_told_although_it_still_sends(server, url):
    """The rest is read first: a server that answers and closes would cut the sender off before the answer."""
    with socket.create_connection(server, 10) as client:
        client.sendall(head_of(url, len(CONTENT) + 1) + CONTENT + b"x")
        answer = client.makefile("rb").read()

    assert b"400 Bad Request" in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "size_differs"


def test_of_whom_nobody_let_in_nothing_is_read(server, begun):
    """Such a client sends nothing more, for ever; it has its answer at once."""
    with socket.create_connection(server, 10) as client:
        client.sendall(head_of("/parts/x/", len(CONTENT)) + CONTENT[:1000])
        answer = client.makefile("rb").readline()

    assert b"403 Forbidden" in answer


def test_the_holder_of_an_expired_link_is_heard_out(server, url, monkeypatch):
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + LINK_LIFE.total_seconds() + 1)
    with socket.create_connection(server, 10) as client:
        client.sendall(head_of(url, len(CONTENT)) + CONTENT)
        answer = client.makefile("rb").read()

    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "link_expired"


def test_a_slow_client_is_not_heard_for_ever(monkeypatch):
    asked = []
    monkeypatch.setattr(receiving, "SWALLOW_SECONDS", 0.05)
    monkeypatch.setattr(receiving, "_piece", lambda *_what: asked.append(1) or time.sleep(0.03) or b"x")
    receiving._swallow(object())

    assert 1 <= len(asked) <= 2


def test_no_more_than_a_part_is_swallowed(monkeypatch):
    asked = []
    monkeypatch.setattr(receiving, "_piece", lambda _request, size: asked.append(size) or b"x" * size)
    receiving._swallow(object())

    assert sum(asked) == receiving.SWALLOWED


def test_the_folder_is_that_of_the_storage(tmp_path, begun):
    assert [Path(path).name for path in tmp_path.rglob("content")] == ["content"]
