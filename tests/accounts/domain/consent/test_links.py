import re
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from accounts.domain.consent import consents, links
from accounts.enums import ConsentState, OrganisationState
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.support.consents import asked, given
from tests.support.tenants import save


def test_a_link_leads_to_its_consent_alone(subject, elsewhere):
    issued, theirs = asked(subject), asked(elsewhere)

    found = links.find(issued.secret)

    assert (found, found.organisation, found.subject) == (issued.consent, subject.organisation, subject)
    assert links.find(theirs.secret) == theirs.consent


@pytest.mark.parametrize("secret", ["", "nothing", "0" * 43])
def test_a_link_that_was_never_made_leads_nowhere(subject, secret):
    asked(subject)

    with pytest.raises(UserError) as caught:
        links.find(secret)
    assert (caught.value.code, caught.value.status) == ("consent_link_invalid", 404)


def test_the_hash_is_no_link(subject):
    issued = asked(subject)

    with pytest.raises(UserError):
        links.find(issued.consent.token_hash)


def test_a_replaced_link_leads_nowhere(subject):
    issued = asked(subject)
    with tenant(subject.organisation_id):
        again = consents.new_link(issued.consent)

    assert links.find(again.secret) == issued.consent
    with pytest.raises(UserError, match="consent_link_invalid"):
        links.find(issued.secret)


@pytest.mark.parametrize("state", ConsentState)
def test_a_link_leads_to_the_page_in_every_state(subject, state):
    issued = asked(subject)
    save(issued.consent, state=state)

    assert links.find(issued.secret).state == state


@pytest.mark.parametrize("state", [OrganisationState.SUSPENDED, OrganisationState.CLOSED])
def test_a_person_can_withdraw_also_where_members_come_in_no_more(subject, state):
    issued = asked(subject)
    save(subject.organisation, state=state)

    assert links.find(issued.secret).organisation.state == state


def test_the_mail_names_who_asks_and_until_when_and_not_the_label(subject, mailoutbox, settings):
    settings.BASE_URL = "https://echo.example"
    save(subject.organisation, privacy_contact="privacy@harbour.example")
    issued = asked(subject, email="ada@example.org")

    links.send(issued)

    (mail,) = mailoutbox
    assert mail.to == ["ada@example.org"]
    assert mail.subject == "Harbour Institute asks for your consent"
    assert re.findall(r"https?://\S+", mail.body) == [f"https://echo.example/consent/{issued.secret}/"]
    assert "by an AI system" in mail.body
    assert "Questions: privacy@harbour.example" in mail.body
    until = issued.consent.link_expires_at.astimezone(ZoneInfo("Europe/Berlin")).strftime("%-d %B %Y, %H:%M")
    assert f"until {until} (Europe/Berlin)" in mail.body
    assert subject.label not in mail.body + mail.subject


def test_a_consent_that_is_not_there_is_read_by_nobody(subject, elsewhere):
    theirs = given(elsewhere)

    with tenant(subject.organisation_id):
        for key in (theirs.pk, uuid4()):
            with pytest.raises(UserError, match="consent_link_invalid"):
                links.read(key)
