import re

import pytest
from django.test import Client

from accounts.models import AuditRecord
from tests.factories import PASSWORD, MembershipFactory
from tests.support.sign_in import code, prove_second_factor, reauthenticate, second_factor
from tests.support.tenants import every, fresh, save

PAGE = "/o/harbour/security/"
SWITCH = "/o/harbour/security/two-factor/"


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def ready(owner, owner_client):
    """The owner, with a second factor that opened the session, who proved a moment ago that it is them."""
    second_factor(owner.user)
    reauthenticate(owner_client)
    prove_second_factor(owner_client)
    return owner_client


def test_the_page_counts_the_members_who_have_a_second_factor(ready, owner, outsider):
    second_factor(outsider.user)
    MembershipFactory.create_batch(2, organisation=owner.organisation)

    page = text(ready.get(PAGE))

    assert "Members with a second factor 1 of 3" in page
    assert "Require it of everybody" in page


def test_who_has_none_is_told_to_begin_with_themselves(owner, owner_client):
    reauthenticate(owner_client)

    page = text(owner_client.get(PAGE))
    answer = owner_client.post(SWITCH, {"required": "on"})

    assert "you would lock yourself out" in page
    assert "Require it of everybody" not in page
    assert answer.status_code == 400
    assert not fresh(owner.organisation).require_mfa


def test_the_requirement_is_switched_on_and_off(ready, owner):
    page = text(ready.post(SWITCH, {"required": "on"}, follow=True))
    assert "Two-factor sign-in is required from now on." in page
    assert fresh(owner.organisation).require_mfa

    page = text(ready.post(SWITCH, follow=True))
    assert "is not required any more" in page
    assert not fresh(owner.organisation).require_mfa
    assert [line.action for line in every(AuditRecord)].count("organisation.security_changed") == 2


def test_it_is_asked_again_who_it_is_and_then_done(owner, owner_client):
    second_factor(owner.user)

    asked = owner_client.post(SWITCH, {"required": "on"})
    assert asked.headers["Location"].startswith("/account/reauthenticate/?next=")
    assert not fresh(owner.organisation).require_mfa

    owner_client.post("/account/reauthenticate/", {"password": PASSWORD, "next": SWITCH})
    assert fresh(owner.organisation).require_mfa


def test_a_wrong_password_leaves_it_as_it_is(owner, owner_client):
    second_factor(owner.user)
    owner_client.post(SWITCH, {"required": "on"})

    owner_client.post("/account/reauthenticate/", {"password": "wrong password", "next": SWITCH})

    assert not fresh(owner.organisation).require_mfa


def test_others_may_neither_see_nor_change_it(viewer_client, outsider_client, organisation):
    for client, status in ((viewer_client, 403), (outsider_client, 404), (Client(), 302)):
        reauthenticate(client) if status != 302 else None
        assert client.get(PAGE).status_code == status
        assert client.post(SWITCH, {"required": "on"}).status_code == status
    assert not fresh(organisation).require_mfa


def test_a_member_without_one_is_led_to_set_one_up(owner, analyst_client):
    save(owner.organisation, require_mfa=True)

    refused = analyst_client.get("/o/harbour/projects/")
    assert refused.status_code == 403
    assert "Two-factor sign-in is required here" in text(refused)
    assert 'href="/account/security/"' in refused.content.decode()
    as_script = analyst_client.get("/o/harbour/projects/", headers={"Accept": "application/json"})
    assert as_script.json()["code"] == "mfa_required"


@pytest.mark.django_db(transaction=True)
def test_who_has_just_set_one_up_need_not_confirm_it(owner, analyst, analyst_client):
    save(owner.organisation, require_mfa=True)
    reauthenticate(analyst_client)
    secret = analyst_client.get("/account/2fa/totp/activate/").context["form"].secret
    analyst_client.post("/account/2fa/totp/activate/", {"code": code(secret)})

    assert analyst_client.get("/o/harbour/projects/").status_code == 200


def test_who_signed_in_without_it_confirms_it_and_comes_back(owner, analyst, analyst_client):
    save(owner.organisation, require_mfa=True)
    second_factor(analyst.user)

    page = analyst_client.get("/o/harbour/projects/")
    way = re.search(r'href="(/account/2fa/reauthenticate/[^"]+)"', page.content.decode())[1]
    answer = analyst_client.post(way, {"code": code()})

    assert answer.headers["Location"] == "/o/harbour/projects/"
    assert analyst_client.get("/o/harbour/projects/").status_code == 200
