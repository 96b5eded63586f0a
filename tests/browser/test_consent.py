"""Consent as people meet it in a browser: texts are written, the link is mailed, signed and withdrawn."""

import re

import pytest
from playwright.sync_api import expect

from accounts.domain.consent import evidence
from accounts.domain.consent.standing import missing
from accounts.domain.lawful import declarations
from accounts.enums import ConsentState, Role, TextKind
from accounts.models import Consent, Erasure, Notice, PrivacyText
from echodepth.tenancy import tenant
from tests.browser.test_shell import look, violations
from tests.factories import MembershipFactory
from tests.support.consents import PDF, asked, published, subject_of, terms
from tests.support.tenants import every

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(organisation):
    return MembershipFactory(organisation=organisation, role=Role.OWNER, user__email="owner@harbour.example")


@pytest.fixture
def subject(organisation):
    return subject_of(organisation)


def codes(subject):
    with tenant(subject.organisation_id):
        return [one.code for one in missing(subject, declarations.current(subject.project))]


def page_of(subject):
    return f"/o/harbour/projects/{subject.project_id}/subjects/{subject.pk}/consent/"


def person(browser, live_server, script=True):
    """Somebody without an account, in a browser of their own."""
    context = browser.new_context(base_url=live_server.url, java_script_enabled=script)
    context.set_default_timeout(15_000)
    return context.new_page()


def write(page, kind):
    """Begin a text from its template, fill it in and publish it."""
    page.goto("/o/harbour/texts/new/")
    page.get_by_label("Kind").select_option(kind)
    page.get_by_role("button", name="Begin the version").click()
    body = page.get_by_label("Text", exact=True)
    expect(body).to_have_value(re.compile(r"\[\["))
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("still to be filled in")).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    body.fill(re.sub(r"\[\[.*?\]\]", "Harbour Institute", body.input_value(), flags=re.DOTALL))
    page.get_by_role("button", name="Save the draft").click()
    assert violations(page) == []
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The text was published.")).to_be_visible()


def test_texts_are_written_and_consent_is_asked_signed_and_withdrawn(  # noqa: PLR0915 - one life
    page, signed_in, owner, subject, browser, live_server, mailoutbox, settings
):
    settings.BASE_URL = live_server.url
    signed_in(owner.user)
    for kind in TextKind:
        write(page, kind)
    assert look(page, "/o/harbour/texts/") == []
    assert look(page, page_of(subject)) == []
    expect(page.get_by_text("This person cannot be analysed yet")).to_be_visible()
    page.get_by_role("link", name="Ask for consent").click()
    assert violations(page) == []
    page.get_by_label("The person's culture may be declared and used").check()
    page.get_by_label("E-mail address of the person").fill("ada@example.org")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_text("A mail with the link is on its way to ada@example.org.")).to_be_visible()
    link = re.search(r"http\S+/consent/\S+", mailoutbox[0].body)[0]
    assert page.get_by_label("Link").input_value() == link
    assert violations(page) == []

    theirs = person(browser, live_server)
    theirs.goto(link)
    expect(theirs.get_by_role("heading", name="Notice: an AI system analyses")).to_be_visible()
    assert look(theirs, link) == []
    assert [notice.way for notice in every(Notice)] == ["link"]
    assert codes(subject) == ["consent_missing"]
    theirs.get_by_role("button", name="Sign and agree").click()
    expect(theirs.get_by_role("alert")).to_be_focused()
    theirs.get_by_label("A sales conversation").check()
    theirs.get_by_label("My culture").check()
    theirs.get_by_label("Your full name").fill("Ada Example")
    theirs.get_by_role("button", name="Sign and agree").click()
    expect(theirs.get_by_text("Thank you. Your consent was recorded.")).to_be_visible()
    assert violations(theirs) == []
    assert codes(subject) == []
    (consent,) = every(Consent)
    assert (consent.signer, consent.culture) == ("Ada Example", True)
    with theirs.expect_download() as copied:
        theirs.get_by_role("link", name="Download a copy").click()
    with open(copied.value.path()) as copy:  # noqa: PTH123
        assert consent.evidence_sha256 in copy.read()

    theirs.get_by_role("link", name="Ask for your data, or object").click()
    assert violations(theirs) == []
    theirs.get_by_label("A copy of everything").check()
    theirs.get_by_role("button", name="Send the request").click()
    expect(theirs.get_by_text("Your request was received.")).to_be_visible()
    theirs.get_by_role("link", name="Withdraw", exact=True).click()
    assert violations(theirs) == []
    theirs.get_by_role("button", name="Withdraw now").click()
    expect(theirs.get_by_text("Your consent was withdrawn on")).to_be_visible()
    assert look(theirs, link) == []
    theirs.context.close()

    assert codes(subject) == ["consent_withdrawn"]
    assert [erasure.object_id for erasure in every(Erasure)] == [subject.pk]
    assert look(page, page_of(subject)) == []
    expect(page.get_by_role("cell", name="Withdrawn")).to_be_visible()


def test_a_person_signs_without_script(browser, live_server, subject):
    issued = asked(subject, terms(calibration=True))
    plain = person(browser, live_server, script=False)
    plain.goto(f"/consent/{issued.secret}/")
    plain.get_by_label("A sales conversation").check()
    plain.get_by_label("Your full name").fill("Ada Example")
    plain.get_by_role("button", name="Sign and agree").click()

    expect(plain.get_by_text("Thank you. Your consent was recorded.")).to_be_visible()
    plain.context.close()
    with tenant(subject.organisation_id):
        consent = Consent.objects.select_related("text").get()
        assert (consent.state, consent.calibration) == (ConsentState.GIVEN, False)
        assert evidence.is_whole(consent)


def test_a_person_declines(browser, live_server, subject):
    issued = asked(subject)
    theirs = person(browser, live_server)
    theirs.goto(f"/consent/{issued.secret}/")
    theirs.get_by_role("button", name="I do not agree").click()

    expect(theirs.get_by_text("You did not agree.")).to_be_visible()
    assert violations(theirs) == []
    theirs.context.close()
    assert [consent.state for consent in every(Consent)] == [ConsentState.WITHDRAWN]


def test_a_form_and_a_notice_are_recorded(page, signed_in, owner, subject, tmp_path):
    for kind in TextKind:
        published(subject.organisation, kind)
    signed_in(owner.user)
    page.goto(page_of(subject))
    page.get_by_role("link", name="Record a consent").click()
    assert violations(page) == []
    page.get_by_label("Name of the person who agreed").fill("Ada Example")
    page.get_by_label("Signed form").set_input_files(
        {"name": "form.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_label("I vouch that this person").check()
    page.get_by_role("button", name="Record the consent").click()
    expect(page.get_by_text("The consent was recorded.")).to_be_visible()
    page.get_by_role("link", name="Record a notice").click()
    assert violations(page) == []
    page.get_by_role("button", name="Record the notice").click()
    expect(page.get_by_text("The notice was recorded.")).to_be_visible()
    expect(page.get_by_text("Nothing is missing")).to_be_visible()
    assert codes(subject) == []

    with page.expect_download() as form:
        page.get_by_role("link", name="Form", exact=True).click()
    assert form.value.suggested_filename == "consent.pdf"
    form.value.save_as(tmp_path / "form.pdf")
    assert (tmp_path / "form.pdf").read_bytes() == PDF
    assert len(every(PrivacyText)) == 2
