import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.domain.consent import links
from accounts.enums import ConsentState, ConsentWay, TextKind
from accounts.models import AuditRecord, Consent, Notice
from echodepth.tenancy import tenant
from tests.factories import NoticeFactory
from tests.support.consents import PDF, asked, given, published, subject_of
from tests.support.pages import text_of
from tests.support.tenants import every, fresh, save


@pytest.fixture
def subject(organisation):
    return subject_of(organisation)


@pytest.fixture
def texts(organisation):
    return {kind: published(organisation, kind) for kind in TextKind}


def page_of(subject, part=""):
    return f"/o/harbour/projects/{subject.project_id}/subjects/{subject.pk}/consent/{part}"


def fields(texts, **more):
    until = timezone.localdate() + timedelta(days=90)
    text = texts[TextKind.CONSENT].pk
    return {"text": text, "purposes": ["sales_meeting"], "until": f"{until}"} | more


def test_the_page_says_what_is_missing_given_and_told(analyst_client, subject):
    assert "This person cannot be analysed yet" in text_of(analyst_client.get(page_of(subject)))
    given(subject)
    NoticeFactory(subject=subject)

    text = text_of(analyst_client.get(page_of(subject)))

    assert "Nothing is missing" in text
    for told in ("A sales conversation", "Ada Example", "Given", "By word of mouth"):
        assert told in text
    with tenant(subject.organisation_id):
        assert AuditRecord.objects.filter(action="subject.viewed", target=str(subject.pk)).count() == 2


def test_a_consent_that_was_changed_after_it_was_signed_shows(analyst_client, subject):
    consent = given(subject)
    assert "Changed after it was signed" not in text_of(analyst_client.get(page_of(subject)))

    save(consent, purposes=["sales_meeting", "research"])
    assert "Changed after it was signed" in text_of(analyst_client.get(page_of(subject)))
    save(consent, signer="")
    assert "Name erased" in text_of(analyst_client.get(page_of(subject)))


def test_asking_shows_the_link_once_and_mails_it(analyst_client, subject, texts, mailoutbox):
    answer = analyst_client.post(page_of(subject, "ask/"), fields(texts, email="ada@example.org"))

    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    link = re.search(r"/consent/([\w-]+)/", text_of(answer))[1]
    assert links.find(link).email == "ada@example.org"
    assert link in mailoutbox[0].body
    assert link not in text_of(analyst_client.get(page_of(subject)))


def test_a_mail_that_fails_leaves_the_link_to_copy(analyst_client, subject, texts, monkeypatch):
    def fails(*_args, **_keywords):
        raise OSError("no route")

    monkeypatch.setattr("accounts.domain.consent.links.send_mail", fails)

    text = text_of(analyst_client.post(page_of(subject, "ask/"), fields(texts, email="ada@example.org")))

    assert "The mail could not be sent." in text
    assert len(every(Consent)) == 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"until": "2040-01-01"}, "Consent can be asked for until a day within the next"),
        ({"purposes": []}, "This field is required"),
        ({"purposes": ["recruitment"]}, "Select a valid choice"),
        ({"email": "nobody"}, "Enter a valid email address"),
    ],
)
def test_what_cannot_be_asked_is_said(analyst_client, subject, texts, more, why):
    answer = analyst_client.post(page_of(subject, "ask/"), fields(texts, **more))

    assert answer.status_code == 400
    assert why in text_of(answer)
    assert every(Consent) == []


def test_without_a_text_the_page_leads_to_the_texts(analyst_client, subject):
    for part in ("ask/", "record/", "notice/"):
        assert 'href="/o/harbour/texts/"' in text_of(analyst_client.get(page_of(subject, part)))


def test_only_the_newest_version_is_offered(analyst_client, organisation, subject, texts):
    newer = published(organisation, title="Newer")

    text = text_of(analyst_client.get(page_of(subject, "ask/")))

    assert str(newer.pk) in text
    assert str(texts[TextKind.CONSENT].pk) not in text


def test_a_form_is_recorded_and_downloaded(analyst_client, analyst, subject, texts):
    form = SimpleUploadedFile("Ada Example, signed.pdf", PDF)
    told = fields(texts, signer="Ada Example", on=f"{timezone.localdate()}", vouched="on", form=form)

    assert analyst_client.post(page_of(subject, "record/"), told).status_code == 302

    (consent,) = every(Consent)
    assert (consent.way, consent.attested_by, consent.state) == (ConsentWay.FORM, analyst.user, "given")
    answer = analyst_client.get(page_of(subject, f"{consent.pk}/form/"), follow=True)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="consent.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    with tenant(subject.organisation_id):
        line = AuditRecord.objects.get(action="document.downloaded")
    assert (line.target_kind, line.target) == ("consent", str(consent.pk))


def test_a_file_that_is_no_form_is_said(analyst_client, subject, texts):
    form = SimpleUploadedFile("form.pdf", b"MZ nothing")
    told = fields(texts, signer="Ada", on=f"{timezone.localdate()}", vouched="on", form=form)

    answer = analyst_client.post(page_of(subject, "record/"), told)

    assert "no whole PDF, PNG or JPEG" in text_of(answer)
    assert every(Consent) == []


def test_nobody_vouches_by_accident(analyst_client, subject, texts):
    told = fields(texts, signer="Ada", on=f"{timezone.localdate()}")

    assert analyst_client.post(page_of(subject, "record/"), told).status_code == 400
    assert every(Consent) == []


def test_a_consent_without_a_form_has_none_to_download(analyst_client, subject):
    consent = given(subject)

    assert analyst_client.get(page_of(subject, f"{consent.pk}/form/")).status_code == 404


def test_a_notice_is_recorded_in_the_organisation_s_time(analyst_client, analyst, subject, texts):
    told = {"text": texts[TextKind.NOTICE].pk, "way": "spoken", "on": "2026-05-04T10:00"}

    assert analyst_client.post(page_of(subject, "notice/"), told).status_code == 302

    (notice,) = every(Notice)
    assert (notice.way, notice.recorded_by) == ("spoken", analyst.user)
    assert notice.shown_at.isoformat() == "2026-05-04T08:00:00+00:00"  # Berlin in summer


def test_a_new_link_is_shown_and_the_old_one_is_void(analyst_client, client, subject):
    issued = asked(subject)

    answer = analyst_client.post(page_of(subject, f"{issued.consent.pk}/link/"))

    again = re.search(r"/consent/([\w-]+)/", text_of(answer))[1]
    assert client.get(f"/consent/{again}/").status_code == 200
    assert client.get(f"/consent/{issued.secret}/").status_code == 404


def test_what_was_asked_is_taken_back(analyst_client, client, subject):
    issued = asked(subject)

    analyst_client.post(page_of(subject, f"{issued.consent.pk}/take-back/"))

    assert fresh(issued.consent).state == ConsentState.WITHDRAWN
    assert "cannot be signed any more" in text_of(client.get(f"/consent/{issued.secret}/"))


def test_a_member_withdraws_for_the_person(analyst_client, subject):
    consent = given(subject)
    assert "This cannot be undone" in text_of(analyst_client.get(page_of(subject, f"{consent.pk}/withdraw/")))
    assert fresh(consent).state == ConsentState.GIVEN

    answer = analyst_client.post(page_of(subject, f"{consent.pk}/withdraw/"), follow=True)

    assert "The consent was withdrawn." in text_of(answer)
    assert (fresh(consent).state, fresh(consent).withdrawn_by_subject) == (ConsentState.WITHDRAWN, False)


def test_the_consent_of_another_subject_is_not_reached_by_this_one(analyst_client, subject, organisation):
    other = subject_of(organisation, label="Customer 8", name="Other")
    consent = given(other)

    for part in ("link/", "take-back/", "withdraw/"):
        assert analyst_client.post(page_of(subject, f"{consent.pk}/{part}")).status_code == 404
    assert analyst_client.get(page_of(subject, f"{consent.pk}/form/")).status_code == 404
    assert fresh(consent).state == ConsentState.GIVEN


def test_viewers_see_nothing_of_it(viewer_client, subject):
    given(subject)

    answer = viewer_client.get(page_of(subject))

    assert answer.status_code == 403
    assert "Ada Example" not in text_of(answer)
