import pytest

from echodepth import checks


def found(check):
    return [message.id for message in check(None)]


ALL = (
    checks.check_queue,
    checks.check_broker,
    checks.check_attempts,
    checks.check_recycling,
    checks.check_pool,
    checks.check_debug,
    checks.check_data_folder,
    checks.check_open_base_url,
    checks.check_time_zone,
)


@pytest.mark.parametrize("check", ALL)
def test_the_settings_as_they_come_are_sound(check):
    assert found(check) == []


@pytest.mark.parametrize(("retry", "ids"), [(301, []), (300, ["echodepth.E001"])])
def test_a_queue_that_would_run_tasks_twice_is_found(settings, retry, ids):
    settings.Q_CLUSTER = {"timeout": 100, "queue_limit": 1, "retry": retry}

    assert found(checks.check_queue) == ids


def with_queue(settings, **changes):
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"redis": {"host": "127.0.0.1"}},
        {"sqs": {}},
        {"orm": "other"},
        {"orm": None},
        {"broker_class": "django_q.brokers.redis_broker.Redis"},
    ],
)
def test_a_queue_elsewhere_than_in_the_database_is_found(settings, changes):
    with_queue(settings, **changes)

    assert found(checks.check_broker) == ["echodepth.E010"]


def test_a_broker_made_of_the_one_in_the_database_is_sound(settings):
    with_queue(settings, broker_class="django_q.brokers.orm.ORM")

    assert found(checks.check_broker) == []


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"ack_failures": False}, "ack_failures"),
        ({"max_attempts": 3}, "max_attempts"),
        ({"bulk": 10}, "bulk"),
        ({"sync": True}, "sync"),
    ],
)
def test_a_queue_that_repeats_work_by_itself_is_found(settings, changes, name):
    with_queue(settings, **changes)

    (message,) = checks.check_attempts(None)
    assert message.id == "echodepth.E011"
    assert f" {name} must be" in message.msg


def test_what_the_queue_does_unless_told_is_not_taken_for_what_it_must(settings):
    settings.Q_CLUSTER = {"orm": "default"}

    assert [message.msg.split()[1] for message in checks.check_attempts(None)] == [
        "ack_failures",
        "max_attempts",
    ]


@pytest.mark.parametrize(("recycle", "ids"), [(50, []), (49, ["echodepth.E012"]), (0, ["echodepth.E012"])])
def test_workers_that_are_never_or_always_replaced_are_found(settings, recycle, ids):
    with_queue(settings, recycle=recycle)

    assert found(checks.check_recycling) == ids


@pytest.mark.parametrize("pool", [True, {"min_size": 2}])
def test_a_connection_pool_is_found(settings, monkeypatch, pool):
    monkeypatch.setitem(settings.DATABASES, "other", {"OPTIONS": {"pool": pool}})

    assert found(checks.check_pool) == ["echodepth.E002"]


def test_debug_pages_on_a_public_site_are_found(settings):
    settings.DEBUG = settings.HTTPS = True

    assert found(checks.check_debug) == ["echodepth.E003"]


def test_a_file_where_the_data_folder_should_be_is_found(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.DATA_FOLDER = tmp_path / "file" / "var"
    assert found(checks.check_data_folder) == ["echodepth.E004"]

    settings.DATA_FOLDER = tmp_path / "new" / "var"
    assert found(checks.check_data_folder) == []


def test_links_that_leave_https_are_found(settings):
    settings.HTTPS, settings.BASE_URL = True, "http://echodepth.example.org"

    assert found(checks.check_open_base_url) == ["echodepth.E005"]


def test_a_machine_without_pango_is_warned(monkeypatch):
    monkeypatch.setattr(checks, "find_library", lambda _name: None)
    assert found(checks.check_pango) == ["echodepth.W001"]

    monkeypatch.setattr(checks, "find_library", {"pango-1.0": "libpango-1.0.so.0"}.get)
    assert found(checks.check_pango) == []


def test_a_time_zone_nobody_knows_is_found(settings):
    settings.DEFAULT_ORGANISATION_TIME_ZONE = "Mars/Olympus"

    assert found(checks.check_time_zone) == ["echodepth.E006"]


@pytest.mark.parametrize(
    ("demo", "host", "ids"),
    [(False, "", ["echodepth.W002"]), (True, "", []), (False, "smtp.example.org", [])],
)
def test_mail_that_reaches_nobody_is_warned_of(settings, demo, host, ids):
    settings.DEMO, settings.EMAIL_HOST = demo, host

    assert found(checks.check_mail) == ids
