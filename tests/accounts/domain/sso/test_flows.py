import time

import pytest

from accounts.domain.sso.flows import (
    MOST_FLOWS,
    flow_over,
    keep_flow,
    keep_link,
    kept_link,
    take_flow,
    take_link,
)
from accounts.domain.sso.oidc import FLOW_SECONDS, Flow
from accounts.domain.sso.people import LinkWanted


class Session(dict):
    saved = 0

    def save(self):
        self.saved += 1


def flow(state, at=None):
    return Flow(state, "nonce", "verifier", "organisation", "provider", at or time.time(), False, "/")


def test_a_state_is_good_once():
    session = Session()
    keep_flow(session, flow("a"))
    keep_flow(session, flow("b"))

    assert take_flow(session, "a").state == "a"
    assert session.saved == 1
    assert take_flow(session, "a") is None
    assert take_flow(session, "") is None
    assert take_flow(session, "b").nonce == "nonce"


def test_who_comes_back_too_late_is_led_to_the_start():
    assert (flow_over().code, flow_over().way.url) == ("sso_state", "/sso/")


def test_the_oldest_gives_way():
    session = Session()
    for number in range(MOST_FLOWS + 1):
        keep_flow(session, flow(str(number)))

    assert take_flow(session, "0") is None
    assert take_flow(session, str(MOST_FLOWS)) is not None


@pytest.mark.parametrize(("age", "over"), [(1, False), (FLOW_SECONDS + 1, True), (-60, True)])
def test_a_flow_does_not_wait_for_ever(age, over):
    assert flow("a", time.time() - age).over is over


def test_a_link_waits_for_its_confirmation_for_a_while():
    session = Session()
    wanted = LinkWanted("organisation", "provider", "subject", "ada@harbour.example", time.time())
    keep_link(session, wanted)
    assert kept_link(session) == wanted

    take_link(session)
    assert kept_link(session) is None

    keep_link(session, LinkWanted("o", "p", "s", "e", time.time() - 2 * FLOW_SECONDS - 1))
    assert kept_link(session) is None
