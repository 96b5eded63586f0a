"""Every address of an organisation, knocked at by those who may not come in."""

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

NOBODY = UUID(int=0)
VALUES = {"uuid": str(NOBODY), "int": "0", "str": "report.pdf", "slug": "x"}


def walk(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from walk(pattern.url_patterns, route)


def fill(route):
    route = re.sub(r"\^|\$|\(\?P<\w+>[^)]*\)", lambda group: "x" if "(" in group[0] else "", route)
    for kind, value in VALUES.items():
        while f"<{kind}:" in route:
            start = route.index(f"<{kind}:")
            route = route[:start] + value + route[route.index(">", start) + 1 :]
    return "/" + route


PUBLIC = {
    "/model/",
    "/questions/",
    "/cohorts/",
    "/healthz",
    "/outbox/",
    "/account/signup/",
    "/account/login/",
    "/account/logout/",
    "/account/inactive/",
    "/account/confirm-email/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/done/",
    "/account/confirm-email/x/",
    "/account/password/reset/key/x-x/",
}
PREFIX = "o/<slug:organisation_slug>/"
INSIDE = sorted(
    {route.removeprefix(PREFIX) for route, _ in walk(get_resolver().url_patterns) if route.startswith(PREFIX)}
)


def ask(client, slug, rest):
    """The answer to GET, or to POST where GET is not taken."""
    address = f"/o/{slug}{fill(rest)}"
    response = client.get(address)
    return client.post(address) if response.status_code == 405 else response


OUTSIDE = sorted(
    fill(route) for route, _ in walk(get_resolver().url_patterns) if not route.startswith(PREFIX)
)


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_page_is_for_people_who_are_signed_in_unless_it_is_public(db, address):
    answer = Client().get(address)

    asked = answer.headers.get("Location", "").startswith("/account/login/")
    assert asked == (address not in PUBLIC)


def test_the_addresses_are_found():
    assert len(INSIDE) > 15
    assert {"members/", "upload/", "results/<uuid:run_id>/"} <= set(INSIDE)


@pytest.mark.parametrize("rest", INSIDE)
def test_outside_and_nowhere_look_alike(outsider_client, organisation, rest):
    there, nowhere = ask(outsider_client, "harbour", rest), ask(outsider_client, "nowhere", rest)

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.content == nowhere.content
    assert "Harbour" not in there.content.decode()


@pytest.mark.parametrize("rest", INSIDE)
def test_signed_out_people_are_sent_to_sign_in(db, organisation, rest):
    response = ask(Client(), "harbour", rest)

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/account/login/?next=")
