import pytest
from django.test import RequestFactory

from echodepth.client_address import address_of

FORWARDED = "198.51.100.1, 203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "headers", "address"),
    [
        (0, {}, "192.0.2.7"),
        (0, {"X-Forwarded-For": FORWARDED}, "192.0.2.7"),
        (1, {"X-Forwarded-For": FORWARDED}, "203.0.113.9"),
        (2, {"X-Forwarded-For": FORWARDED}, "198.51.100.1"),
        (3, {"X-Forwarded-For": FORWARDED}, ""),
        (1, {"X-Forwarded-For": "no address"}, ""),
        (1, {"X-Forwarded-For": "2001:db8::1"}, "2001:db8::1"),
    ],
)
def test_only_trusted_proxies_are_believed(settings, proxies, headers, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.7")

    assert address_of(request) == address
