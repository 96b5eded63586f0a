import logging

import pytest
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from echodepth.metrics import REGISTRY, storage_error

pytestmark = pytest.mark.django_db

PAGE = "/metrics"


def samples(client, **headers):
    text = client.get(PAGE, **headers).content.decode()
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def counted(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0.0


def requests(**labels):
    return counted("echodepth_http_requests_total", **labels)


def test_requests_are_counted_by_view_method_and_status(client):
    labels = {"view": "account_login", "method": "GET", "status": "200"}
    before, took = (
        requests(**labels),
        counted("echodepth_http_request_seconds_count", view="account_login", method="GET"),
    )

    client.get(reverse("account_login"))

    assert requests(**labels) == before + 1
    assert counted("echodepth_http_request_seconds_count", view="account_login", method="GET") == took + 1


def test_what_a_client_makes_up_becomes_no_label(client):
    client.generic("BREW", "/a-path-of-their-own/")

    assert requests(view="none", method="other", status="404") > 0
    text = client.get(PAGE).content.decode()
    assert "a-path-of-their-own" not in text
    assert "BREW" not in text


def test_labels_name_nothing_of_a_tenant(client, owner_client, organisation):
    owner_client.get("/o/harbour/")

    found = samples(client)
    labels = {name for sample in found for name in sample.labels}
    assert labels <= {"view", "method", "status", "le", "state", "result", "code", "operation"}
    text = repr(found)
    assert "analysis:recordings" in text
    assert "harbour" not in text.lower()
    assert str(organisation.pk) not in text


def test_errors_of_storage_are_counted(client):
    before = counted("echodepth_storage_errors_total", operation="read")

    storage_error("read")

    assert counted("echodepth_storage_errors_total", operation="read") == before + 1


def test_without_a_token_this_machine_alone_reads(client):
    assert client.get(PAGE).status_code == 200
    assert client.get(PAGE, REMOTE_ADDR="::1").status_code == 200
    for elsewhere in ("192.0.2.7", "10.0.0.1", "", "unix"):
        assert client.get(PAGE, REMOTE_ADDR=elsewhere).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_without_a_token_nobody_reads_through_a_proxy(client, header):
    assert client.get(PAGE, headers={header: "127.0.0.1"}).status_code == 404


def test_without_a_token_nobody_reads_where_a_proxy_is_set(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert client.get(PAGE).status_code == 404


def test_with_a_token_who_has_it_reads_from_anywhere_and_nobody_else(client, settings):
    settings.METRICS_TOKEN = "the-token"
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}

    right = client.get(PAGE, headers={"Authorization": "Bearer the-token"}, **elsewhere)
    assert right.status_code == 200
    assert right.headers["Content-Type"].startswith("text/plain")
    assert "echodepth_http_requests_total" in right.content.decode()
    for wrong in ({}, {"Authorization": "Bearer the-toke"}, {"Authorization": "Basic the-token"}):
        assert client.get(PAGE, headers=wrong).status_code == 404
    assert client.post(PAGE, headers={"Authorization": "Bearer the-token"}).status_code in {403, 405}


def test_a_request_is_logged_with_its_organisation_where_the_log_is_for_machines(
    owner_client, organisation, caplog
):
    with caplog.at_level(logging.INFO, "echodepth.metrics"):
        owner_client.get("/o/harbour/?search=Anna")

    said = [record for record in caplog.records if record.name == "echodepth.metrics"]
    assert [record.getMessage().rpartition(" in ")[0] for record in said] == ["GET analysis:recordings 200"]
    assert [record.tenant_id for record in said] == [str(organisation.pk)]
    assert "Anna" not in said[0].getMessage()


def test_what_is_asked_all_the_time_is_logged_only_when_it_fails(client, caplog):
    with caplog.at_level(logging.INFO, "echodepth.metrics"):
        client.get("/healthz")
        client.get(PAGE)
        client.get(PAGE, REMOTE_ADDR="192.0.2.7")

    said = [
        record.getMessage().rpartition(" in ")[0]
        for record in caplog.records
        if record.name == "echodepth.metrics"
    ]
    assert said == ["GET metrics 404"]
