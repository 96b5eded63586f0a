from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.domain.consent import consents
from accounts.enums import ConsentState, OrganisationState, RightsKind, TextKind
from accounts.models import Consent, Erasure, Notice, PrivacyText, RightsRequest
from echodepth.tenancy import tenant
from tests.support.consents import asked, given, published, subject_of, terms
from tests.support.pages import text_of
from tests.support.tenants import every, fresh, save

ANSWERS = {"purposes": ["sales_meeting"], "signer": "Ada Example"}


@pytest.fixture
def subject(organisation):
    return subject_of(organisation, label="Difficult customer", name="Secret project")


@pytest.fixture
def issued(subject):
    published(subject.organisation, body="Why\nBecause we <b>ask</b>.\n")
    published(subject.organisation, TextKind.NOTICE, body="An AI system analyses emotion.\n")
    return asked(subject, terms("sales_meeting", "research", culture=True))


def page_of(issued, part=""):
    return f"/consent/{issued.secret}/{part}"


def sign(client, issued, **changes):
    return client.post(page_of(issued), ANSWERS | changes, follow=True)


def test_the_page_shows_text_notice_term_and_who_asks_and_nothing_of_the_organisation_s_own(client, issued):
    save(issued.consent.subject.organisation, privacy_contact="privacy@harbour.example")

    answer = client.get(page_of(issued))

    text = text_of(answer)
    for told in (
        "<strong>Why</strong>",
        "Because we &lt;b&gt;ask&lt;/b&gt;.",
        "An AI system analyses emotion.",
        "Harbour Institute",
        "privacy@harbour.example",
        "A sales conversation",
        "Research with people",
        f"{issued.consent.until:%-d %B %Y}",
        "My culture",
    ):
        assert told in text
    for own in ("Difficult customer", "Secret project", "My recordings may help", str(issued.consent.pk)):
        assert own not in text
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_opening_records_the_notice_once_and_agrees_to_nothing(client, subject, issued):
    client.get(page_of(issued))
    client.get(page_of(issued))

    (notice,) = every(Notice)
    shown = next(text.pk for text in every(PrivacyText) if text.kind == TextKind.NOTICE)
    assert (notice.subject_id, notice.way, notice.text_id) == (subject.pk, "link", shown)
    assert fresh(issued.consent).state == ConsentState.ASKED


@pytest.mark.parametrize(
    ("method", "headers"),
    [("head", {}), ("get", {"Sec-Purpose": "prefetch;prerender"}), ("get", {"Purpose": "prefetch"})],
)
def test_what_nobody_reads_is_no_notice(client, issued, method, headers):
    assert getattr(client, method)(page_of(issued), headers=headers).status_code == 200

    assert every(Notice) == []


def test_signing_by_name_for_what_was_chosen(client, issued):
    told = sign(client, issued, culture="on")

    assert "Thank you. Your consent was recorded." in text_of(told)
    stored = fresh(issued.consent)
    assert (stored.state, stored.signer) == (ConsentState.GIVEN, "Ada Example")
    assert (stored.purposes, stored.culture, stored.calibration) == (["sales_meeting"], True, False)
    text = text_of(told)
    assert stored.evidence_sha256 in text
    assert "Sign and agree" not in text


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"signer": " "}, "Your full name: This field is required."),
        ({"purposes": []}, "Tick what you agree to"),
        ({"purposes": ["recruitment"]}, "Select a valid choice"),
    ],
)
def test_an_incomplete_signature_is_none(client, issued, changes, why):
    answer = client.post(page_of(issued), ANSWERS | changes)

    assert answer.status_code == 400
    assert why in text_of(answer)
    assert fresh(issued.consent).state == ConsentState.ASKED


def test_declining_agrees_to_nothing_and_erases_nothing(client, issued):
    told = client.post(page_of(issued), ANSWERS | {"decline": "1"}, follow=True)

    assert "You did not agree." in text_of(told)
    assert (fresh(issued.consent).state, fresh(issued.consent).given_at) == (ConsentState.WITHDRAWN, None)
    assert every(Erasure) == []


@pytest.mark.parametrize(
    "ended",
    [
        {"link_expires_at": timezone.now() - timedelta(seconds=1)},
        {"until": timezone.localdate() - timedelta(days=2)},
        {"state": ConsentState.WITHDRAWN},
    ],
)
def test_what_is_over_shows_no_text_and_cannot_be_signed(client, issued, ended):
    save(issued.consent, **ended)

    text = text_of(sign(client, issued))

    assert "This cannot be signed any more" in text
    assert "Because we" not in text
    assert fresh(issued.consent).signer == ""
    assert every(Notice) == []


@pytest.mark.parametrize("state", [OrganisationState.SUSPENDED, OrganisationState.CLOSED])
def test_with_an_organisation_that_is_shut_one_withdraws_but_does_not_sign(client, subject, issued, state):
    consent = given(subject)
    with tenant(subject.organisation_id):
        theirs = consents.new_link(consent)
    save(subject.organisation, state=state)

    sign(client, issued)
    client.post(page_of(theirs, "withdraw/"))

    assert fresh(issued.consent).signer == ""
    assert fresh(consent).state == ConsentState.WITHDRAWN


def test_withdrawing_takes_one_button_and_looking_withdraws_nothing(client, subject, issued):
    sign(client, issued)
    assert "Withdraw now" in text_of(client.get(page_of(issued, "withdraw/")))
    assert fresh(issued.consent).state == ConsentState.GIVEN

    told = client.post(page_of(issued, "withdraw/"), follow=True)

    assert "Your consent was withdrawn on" in text_of(told)
    stored = fresh(issued.consent)
    assert (stored.state, stored.withdrawn_by_subject) == (ConsentState.WITHDRAWN, True)
    assert [erasure.object_id for erasure in every(Erasure)] == [subject.pk]


def test_what_was_only_asked_is_not_withdrawn(client, issued):
    assert client.get(page_of(issued, "withdraw/")).status_code == 302
    assert client.post(page_of(issued, "withdraw/")).status_code == 409
    assert fresh(issued.consent).state == ConsentState.ASKED


def test_a_copy_is_a_file_with_all_that_was_agreed(client, issued):
    assert client.get(page_of(issued, "copy/")).status_code == 404
    sign(client, issued)

    answer = client.get(page_of(issued, "copy/"))

    assert answer["Content-Disposition"] == 'attachment; filename="consent.txt"'
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert fresh(issued.consent).evidence_sha256 in answer.content.decode()
    assert "Difficult customer" not in answer.content.decode()


def test_a_person_asks_for_their_data_and_sees_by_when(client, subject, issued):
    assert client.get(page_of(issued, "rights/")).status_code == 404  # of nobody who signed
    sign(client, issued)

    told = client.post(page_of(issued, "rights/"), {"kind": "access", "words": "All of it"}, follow=True)

    (made,) = every(RightsRequest)
    assert (made.subject_id, made.kind, made.words, made.by_subject) == (
        subject.pk,
        RightsKind.ACCESS,
        "All of it",
        True,
    )
    assert f"It is to be answered by {made.due_on:%-d %B %Y}." in text_of(told)
    assert "What you asked for" in text_of(told)


def test_requests_are_not_sent_without_end(client, issued):
    sign(client, issued)
    for _time in range(limits.CONSENT_RIGHTS.amount):
        assert client.post(page_of(issued, "rights/"), {"kind": "access"}).status_code == 302

    assert client.post(page_of(issued, "rights/"), {"kind": "access"}).status_code == 429
    assert len(every(RightsRequest)) == limits.CONSENT_RIGHTS.amount


@pytest.mark.parametrize("part", ["", "withdraw/", "copy/", "rights/"])
def test_every_link_that_leads_nowhere_reads_the_same(client, subject, issued, part):
    with tenant(subject.organisation_id):
        again = consents.new_link(issued.consent)
    answers = [client.get(f"/consent/{secret}/{part}") for secret in (issued.secret, "never-made")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert text_of(answers[0]) == text_of(answers[1])
    assert "Harbour" not in text_of(answers[0])
    assert links_work(client, again)


def links_work(client, issued):
    return client.get(page_of(issued)).status_code == 200


def test_links_are_not_tried_without_end(client, issued):
    for _time in range(limits.CONSENT_LINK.amount):
        assert client.get("/consent/never-made/").status_code == 404

    assert client.get("/consent/never-made/").status_code == 429
    assert client.get(page_of(issued)).status_code == 429
    assert every(Notice) == []


def test_a_link_that_works_is_opened_as_often_as_one_likes(client, issued):
    for _time in range(limits.CONSENT_LINK.amount + 5):
        assert links_work(client, issued)


def test_what_another_site_sends_signs_nothing(issued):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(page_of(issued), ANSWERS).status_code == 403
    assert fresh(issued.consent).state == ConsentState.ASKED


def test_a_person_sees_their_own_requests_and_no_other_person_s(client, subject, issued):
    sign(client, issued)
    other = asked(subject_of(subject.organisation, label="Another", name="Another project"))
    sign(client, other)
    client.post(page_of(other, "rights/"), {"kind": "erasure"})

    assert "What you asked for" not in text_of(client.get(page_of(issued)))
    assert "Erasure" in text_of(client.get(page_of(other)))
    assert len(every(Consent)) == 2


def test_who_withdraws_twice_is_shown_that_it_is_withdrawn(client, issued):
    sign(client, issued)

    answers = [client.post(page_of(issued, "withdraw/"), follow=True) for _click in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("Your consent was withdrawn on" in text_of(answer) for answer in answers)
    assert len(every(Erasure)) == 1


@pytest.mark.parametrize("answer", [ANSWERS, {"decline": "1"}])
def test_a_member_of_the_organisation_does_not_answer_for_the_person(client, issued, owner, outsider, answer):
    client.force_login(owner.user)

    refused = client.post(page_of(issued), answer)

    assert refused.status_code == 403
    assert "You are signed in as a member of the organisation that asks" in text_of(refused)
    assert fresh(issued.consent).state == ConsentState.ASKED
    client.force_login(outsider.user)  # of another organisation: a person like any other here
    client.post(page_of(issued), answer)
    assert fresh(issued.consent).state != ConsentState.ASKED


def test_a_member_does_not_withdraw_at_the_link_either(client, issued, owner):
    sign(client, issued)
    client.force_login(owner.user)

    assert client.post(page_of(issued, "withdraw/")).status_code == 403
    assert fresh(issued.consent).state == ConsentState.GIVEN
