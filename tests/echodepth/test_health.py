import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection

from echodepth import health
from echodepth.health import READINESS, Readiness
from echodepth.metrics import REGISTRY


@pytest.fixture
def readiness(monkeypatch, settings, tmp_path):
    """The product's checks with nothing said before, and storage of its own."""
    default = settings.STORAGES["default"] | {"OPTIONS": {"location": str(tmp_path), "base_url": None}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    READINESS.forget()
    monkeypatch.setattr(health, "FRESH_SECONDS", 0.0)
    yield READINESS
    READINESS.forget()


def broken(*_args):
    raise OperationalError("password of the database")


@pytest.mark.django_db
def test_it_answers_while_the_database_does(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_a_database_out_of_reach_is_told_without_details(client):
    with connection.execute_wrapper(broken):
        response = client.get("/healthz")

    assert (response.status_code, response.json()) == (503, {"status": "database unreachable"})


@pytest.mark.django_db
def test_each_check_is_told_by_name(client, readiness):
    answer = client.get("/readyz").json()

    assert list(answer["checks"]) == ["database", "storage", "queue", "workers"]
    assert answer["checks"]["database"] == answer["checks"]["storage"] == {"ok": True}
    assert answer["checks"]["queue"]["ok"]


@pytest.mark.django_db
def test_no_database_is_not_ready_and_nothing_of_the_error_is_told(client, readiness):
    with connection.execute_wrapper(broken):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["status"] == "not ready"
    assert response.json()["checks"]["database"] == {"ok": False}
    assert "password" not in response.content.decode()


@pytest.mark.django_db
def test_storage_is_written_read_and_left_as_it_was(client, readiness, tmp_path):
    assert client.get("/readyz").json()["checks"]["storage"] == {"ok": True}

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
@pytest.mark.parametrize("call", ["save", "open", "delete"])
def test_storage_that_fails_is_not_ready_and_counted(client, readiness, monkeypatch, call):
    def refuse(*_args, **_more):
        raise OSError(28, "No space left on device", "/srv/secret-place")

    before = REGISTRY.get_sample_value("echodepth_storage_errors_total", {"operation": "check"}) or 0.0
    with monkeypatch.context() as patch:
        patch.setattr(default_storage, call, refuse)
        response = client.get("/readyz")

    assert (response.status_code, response.json()["checks"]["storage"]) == (503, {"ok": False})
    assert "secret-place" not in response.content.decode()
    assert REGISTRY.get_sample_value("echodepth_storage_errors_total", {"operation": "check"}) == before + 1


@pytest.mark.django_db
def test_storage_that_gives_back_something_else_is_not_ready(client, readiness, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "open", lambda *_args: ContentFile(b"other"))
        answer = client.get("/readyz").json()

    assert answer["checks"]["storage"] == {"ok": False}


class Counting:
    """A check that says how often it was asked."""

    def __init__(self):
        self.asked = 0

    def __call__(self):
        self.asked += 1
        return {"ok": True}


def test_an_answer_is_given_again_for_some_seconds(monkeypatch):
    found, check = Readiness(), Counting()
    found.register("one", check)

    assert [found.look(), found.look()] == [{"one": {"ok": True}}] * 2
    assert check.asked == 1
    found.forget()
    found.look()
    assert check.asked == 2


@pytest.fixture
def hanging():
    """Readiness one of whose checks can be made to hang in a thread of its own: `hang()`, `go_on()`."""
    found, go, begun = Readiness(), threading.Event(), threading.Event()
    threads = []

    def wait():
        begun.set()
        assert go.wait(20)
        return {"ok": True, "number": 2}

    def hang():
        found.register("two", wait)
        found.forget()
        threads.append(threading.Thread(target=found.look))
        threads[0].start()
        assert begun.wait(20)

    def go_on():
        go.set()
        threads[0].join()

    found.register("one", lambda: {"ok": True})
    found.register("two", lambda: {"ok": True})
    found.hang, found.go_on = hang, go_on
    yield found
    go_on()


def test_a_check_that_is_being_asked_holds_one_thread_alone(hanging):
    hanging.look()
    hanging.hang()

    assert hanging.look() == {"one": {"ok": True}, "two": {"ok": True}}
    hanging.go_on()
    assert hanging.look() == {"one": {"ok": True}, "two": {"ok": True, "number": 2}}


def test_a_check_that_does_not_come_back_does_not_hold(hanging, monkeypatch):
    hanging.look()
    monkeypatch.setattr(health, "HANGS_SECONDS", 0.0)
    assert hanging.look() == {"one": {"ok": True}, "two": {"ok": True}}
    hanging.hang()

    assert hanging.look() == {"one": {"ok": True}, "two": {"ok": False}}
    hanging.go_on()
    assert hanging.look()["two"]["ok"]


def test_before_the_first_look_has_ended_nothing_holds_and_nobody_waits(hanging):
    hanging.hang()

    assert hanging.look() == {"one": {"ok": False}, "two": {"ok": False}}
    hanging.go_on()
    assert all(facts["ok"] for facts in hanging.look().values())


@pytest.mark.django_db
def test_while_a_check_hangs_the_page_is_not_ready(client, hanging, monkeypatch):
    monkeypatch.setattr(health, "READINESS", hanging)
    hanging.hang()
    response = client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == (503, "not ready")
    assert response.json()["checks"]["two"] == {"ok": False}
