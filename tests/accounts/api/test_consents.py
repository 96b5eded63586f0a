from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.domain.consent import links
from accounts.enums import ConsentState, TextKind
from accounts.models import AuditRecord, Consent, Notice
from echodepth.tenancy import tenant
from tests.factories import PrivacyTextFactory
from tests.support.api import Api, problem, token_for
from tests.support.consents import given, published, subject_of
from tests.support.tenants import every, fresh


@pytest.fixture
def api(analyst):
    return Api(token_for(analyst))


@pytest.fixture
def subject(organisation):
    return subject_of(organisation)


@pytest.fixture
def texts(organisation):
    return {kind: published(organisation, kind) for kind in TextKind}


def wish(texts, **more):
    until = timezone.localdate() + timedelta(days=90)
    text = str(texts[TextKind.CONSENT].pk)
    return {"text": text, "purposes": ["sales_meeting"], "until": f"{until}"} | more


def test_the_published_texts_are_listed_and_no_draft(api, organisation, texts):
    PrivacyTextFactory(organisation=organisation, published_at=None, body="A draft")

    told = api.get("texts").json()["results"]

    assert {one["id"] for one in told} == {str(text.pk) for text in texts.values()}
    assert all(one["sha256"] and one["published_at"] for one in told)


def test_consent_is_asked_for_at_a_link_that_stands_in_one_answer(api, subject, texts, mailoutbox, settings):
    settings.BASE_URL = "https://echo.example"
    fields = wish(texts, culture=True, email="ada@example.org")

    answer = api.post("consents", subject.project_id, subject.pk, told=fields)

    assert answer.status_code == 201, answer.content
    told = answer.json()
    secret = told["link"].removeprefix("https://echo.example/consent/").removesuffix("/")
    assert links.find(secret).pk == fresh(every(Consent)[0]).pk
    assert told["link"] in mailoutbox[0].body
    assert (told["state"], told["way"], told["culture"], told["given_at"]) == ("asked", "link", True, None)
    listed = api.get("consents", subject.project_id, subject.pk)
    assert [one["id"] for one in listed.json()["results"]] == [told["id"]]
    assert secret not in listed.content.decode()


def test_a_link_may_be_brought_by_another_way(api, subject, texts, mailoutbox):
    fields = wish(texts, email="ada@example.org", send=False)

    told = api.post("consents", subject.project_id, subject.pk, told=fields).json()

    assert told["link"]
    assert mailoutbox == []


def test_a_consent_is_attested(api, subject, texts, analyst):
    fields = wish(texts, way="attested", signer="Ada Example", on=f"{timezone.localdate()}")

    told = api.post("consents", subject.project_id, subject.pk, told=fields).json()

    assert (told["state"], told["link"], told["signer"]) == ("given", None, "Ada Example")
    (made,) = every(Consent)
    assert (made.attested_by, made.evidence_sha256) == (analyst.user, told["evidence_sha256"])
    with tenant(subject.organisation_id):
        assert AuditRecord.objects.get(action="consent.given").token is not None


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"purposes": ["recruitment"]}, 400, "invalid"),
        ({"purposes": []}, 400, "purpose_missing"),
        ({"until": "2040-01-01"}, 400, "term_invalid"),
        ({"way": "form"}, 400, "invalid"),
        ({"way": "attested"}, 400, "invalid"),
        ({"text": "00000000-0000-4000-8000-000000000000"}, 400, "invalid"),
    ],
)
def test_what_cannot_be_is_refused(api, subject, texts, more, status, code):
    answer = api.post("consents", subject.project_id, subject.pk, told=wish(texts, **more))

    assert problem(answer) == (status, code)
    assert every(Consent) == []


def test_another_organisations_text_reads_like_none(api, subject, texts, outsider):
    theirs = published(outsider.organisation, title="Elsewhere")

    answer = api.post("consents", subject.project_id, subject.pk, told=wish(texts, text=str(theirs.pk)))

    assert problem(answer) == (400, "invalid")
    assert b"Elsewhere" not in answer.content
    assert every(Consent) == []


def test_a_consent_is_withdrawn_once(api, subject):
    consent = given(subject)

    told = api.post("consent-withdraw", subject.project_id, subject.pk, consent.pk, told={}).json()

    assert (told["state"], told["withdrawn_by_subject"]) == ("withdrawn", False)
    assert fresh(consent).state == ConsentState.WITHDRAWN
    again = api.post("consent-withdraw", subject.project_id, subject.pk, consent.pk, told={})
    assert problem(again) == (409, "consent_over")


def test_a_notice_is_recorded_and_listed(api, subject, texts, analyst):
    fields = {
        "text": str(texts[TextKind.NOTICE].pk),
        "way": "spoken",
        "shown_at": "2026-05-04T10:00:00Z",
    }

    told = api.post("notices", subject.project_id, subject.pk, told=fields).json()

    (made,) = every(Notice)
    assert (str(made.pk), made.recorded_by) == (told["id"], analyst.user)
    assert api.get("notices", subject.project_id, subject.pk).json()["results"] == [told]
    refused = api.post("notices", subject.project_id, subject.pk, told=fields | {"way": "link"})
    assert problem(refused) == (400, "way_invalid")
