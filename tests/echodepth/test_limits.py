import os
import subprocess
import sys
import time

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import override_settings

from echodepth.env import BASE_DIR
from echodepth.env import caches as configured
from echodepth.errors import UserError
from echodepth.limits import Limit, too_many
from tests.factories import UserFactory
from tests.support import redis

THREE = Limit("three", 3, 60)


def taken(limit, *whom, tries=10):
    """How many of the tries found a place."""
    found = 0
    for _ in range(tries):
        try:
            limit.take(*whom)
        except UserError:
            return found
        found += 1
    return found


def test_the_fourth_of_three_is_refused_and_told_how_long_to_wait():
    assert taken(THREE, "a") == 3

    with pytest.raises(UserError) as caught:
        THREE.take("a")

    assert (caught.value.code, caught.value.status) == ("too_many_requests", 429)
    assert 58 <= caught.value.retry_after <= 61
    assert "Wait 1 minute, then" in str(caught.value.sentence)


def test_who_is_told_apart_is_counted_apart():
    assert taken(THREE, "a") == 3
    assert taken(THREE, "b") == 3
    assert taken(Limit("other", 3, 60), "a") == 3
    assert taken(THREE, "a", "b") == 3
    assert taken(THREE, "ab") == 3


def test_a_place_that_is_given_back_is_free_again():
    place = THREE.take("a")
    assert taken(THREE, "a") == 2

    THREE.give_back(place)

    assert taken(THREE, "a") == 1


def test_clearing_frees_all_places_of_one():
    taken(THREE, "a"), taken(THREE, "b")

    THREE.clear("a")

    assert (taken(THREE, "a"), taken(THREE, "b")) == (3, 0)


def test_places_are_free_again_when_their_seconds_are_over():
    assert taken(Limit("short", 2, 0.05), "a") == 2
    time.sleep(0.1)
    assert taken(Limit("short", 2, 0.05), "a") == 2


def test_the_key_holds_no_name():
    place = THREE.take("person@example.org")

    assert "person" not in place
    assert len(place) < 250


@pytest.mark.parametrize(("seconds", "minutes"), [(1, "1 minute,"), (60, "1 minute,"), (61, "2 minutes,")])
def test_minutes_are_rounded_up(seconds, minutes):
    assert f"Wait {minutes}" in str(too_many(seconds).sentence)


@pytest.fixture
def shared_cache(db):
    """The product's own cache, in the test database."""
    with override_settings(CACHES=configured()):
        yield caches["default"]


def test_the_table_of_the_shared_cache_comes_by_migration(shared_cache):
    assert taken(THREE, "a") == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM echodepth_cache")
        assert cursor.fetchone()[0] == 3
    assert shared_cache.get("nothing") is None


ATTEMPTS = """
import django
from django.conf import settings
from echodepth.env import caches
settings.CACHES = caches()
django.setup()
from django.test import Client
client = Client(SERVER_NAME="localhost")
print("ready", flush=True)
input()
for _ in range(4):
    print(client.post("/account/login/", {"login": "person@example.org", "password": "wrong"}).status_code)
"""


def database_url():
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgres://{facts['USER']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


@pytest.fixture(params=["the database", "Redis"])
def cache_url(request):
    """What ECHODEPTH_CACHE_URL says."""
    if request.param == "the database":
        yield ""
        return
    try:
        with redis.server() as url:
            yield url
    except redis.RedisMissingError:
        pytest.skip("Redis is not installed")


def test_two_processes_count_together(transactional_db, tmp_path, cache_url):
    UserFactory(email="person@example.org")
    connection.close()
    facts = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "ECHODEPTH_DATA_FOLDER": str(tmp_path),
        "ECHODEPTH_CACHE_URL": cache_url,
    }
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    command = [sys.executable, "-c", ATTEMPTS]
    both = [
        subprocess.Popen(command, cwd=BASE_DIR, env=os.environ | facts, text=True, **pipes) for _ in range(2)
    ]
    ready = [process.stdout.readline() for process in both]
    results = [process.communicate("go\n", timeout=120) for process in both]

    assert ready == ["ready\n"] * 2, results
    assert [process.returncode for process in both] == [0, 0], results
    statuses = sorted(line for out, _err in results for line in out.split())
    assert statuses == ["200"] * 5 + ["429"] * 3
