"""Against a real name server on loopback."""

import dns.rcode
import pytest

from accounts.domain.sso import dns_proof
from accounts.domain.sso.dns_proof import check_record
from echodepth.errors import UserError
from tests.support.dns_server import name_server

SECRET = "0123456789abcdef"
RIGHT = f"echodepth-verification={SECRET}"
NAME = "_echodepth.harbour.example"


@pytest.fixture
def zone(settings):
    with name_server() as server:
        settings.DNS_SERVERS = [server.address]
        yield server


@pytest.mark.parametrize(
    "values",
    [
        [RIGHT],
        ["v=spf1 -all", RIGHT],
        [[RIGHT[:20], RIGHT[20:]]],
        [f" {RIGHT.upper()} "],
        [f"'{RIGHT}'"],
    ],
)
def test_the_record_is_found_however_it_is_written(zone, values):
    zone.publish(NAME, *values)

    check_record("harbour.example", SECRET)

    assert zone.asked == [NAME]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (None, "domain_record_missing"),
        ([], "domain_record_missing"),
        (["v=spf1 -all"], "domain_record_other"),
        ([f"{RIGHT}0"], "domain_record_other"),
        ([SECRET], "domain_record_other"),
        ([["echodepth-verification", SECRET]], "domain_record_other"),
    ],
)
def test_what_is_not_the_record_proves_nothing(zone, values, code):
    if values is not None:
        zone.publish(NAME, *values)
    zone.publish("harbour.example", RIGHT)  # in the wrong place

    with pytest.raises(UserError) as caught:
        check_record("harbour.example", SECRET)

    assert caught.value.code == code
    assert NAME in str(caught.value.sentence)


def test_a_broken_name_server_is_told(zone):
    zone.publish(NAME, RIGHT)
    zone.rcode = dns.rcode.SERVFAIL

    with pytest.raises(UserError) as caught:
        check_record("harbour.example", SECRET)

    assert caught.value.code == "domain_dns_failed"


def test_a_silent_name_server_is_not_waited_for_long(zone, monkeypatch):
    monkeypatch.setattr(dns_proof, "SECONDS", 0.3)
    zone.silent = True

    with pytest.raises(UserError) as caught:
        check_record("harbour.example", SECRET)

    assert caught.value.code == "domain_dns_slow"
    assert zone.asked


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("127.0.0.1:5353", "127.0.0.1", 5353),
        ("192.0.2.1", "192.0.2.1", 53),
        ("[::1]:53", "::1", 53),
        ("::1", "::1", 53),
    ],
)
def test_name_servers_are_written_with_or_without_a_port(settings, text, address, port):
    settings.DNS_SERVERS = [text]

    (found,) = dns_proof._resolver().nameservers

    assert (found.address, found.port) == (address, port)
