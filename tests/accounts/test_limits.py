import pytest

from accounts import limits
from echodepth.errors import UserError

HERE, THERE = "192.0.2.1", "198.51.100.7"


def refused(address, account):
    try:
        limits.SignIn.begin(address, account).succeeded()
    except UserError as error:
        return error.code == "too_many_requests"
    return False


def fail(address, account, times):
    for _ in range(times):
        limits.SignIn.begin(address, account)


def test_five_failures_of_an_account_from_one_address():
    fail(HERE, "a@example.org", 5)

    assert refused(HERE, "a@example.org")
    assert refused(HERE, " A@Example.org ")
    assert not refused(THERE, "a@example.org")
    assert not refused(HERE, "b@example.org")


def test_thirty_failures_from_one_address_whatever_the_account():
    for number in range(30):
        fail(HERE, f"{number}@example.org", 1)

    assert refused(HERE, "new@example.org")
    assert not refused(THERE, "new@example.org")


def test_a_hundred_failures_of_an_account_from_many_addresses():
    for number in range(100):
        fail(f"192.0.2.{number}", "a@example.org", 1)

    assert refused(THERE, "a@example.org")
    assert not refused(THERE, "b@example.org")


def test_what_succeeds_does_not_count():
    for _ in range(40):
        limits.SignIn.begin(HERE, "a@example.org").succeeded()

    assert not refused(HERE, "a@example.org")


def test_the_account_is_forgiven_and_the_address_is_not():
    fail(HERE, "a@example.org", 5)
    for number in range(25):
        fail(HERE, f"{number}@example.org", 1)

    limits.forgive(HERE, "a@example.org")

    assert refused(HERE, "a@example.org")
    assert not refused(THERE, "a@example.org")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_an_ipv6_subscriber_is_one(address, network):
    assert limits.network(address) == network
