import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.models import Project
from echodepth.tenancy import tenant
from reports.domain.samples import links
from reports.enums import SampleState
from reports.models import SampleRequest
from tests.support.pages import text_of
from tests.support.samples import TOLD, desk
from tests.support.tenants import every, fresh, save

pytestmark = pytest.mark.django_db

ASKED = TOLD | {"agreed": "on", "responsible": "on"}


@pytest.fixture
def home():
    return desk()


def ask(client, **changes):
    return client.post("/sample/", ASKED | changes, follow=True)


def test_the_page_says_what_one_gets_and_shows_the_texts_before_anything_is_asked(client, home):
    answer = client.get("/sample/")

    text = text_of(answer)
    for told in (
        "within 5 working days, free",
        "a document is answered by a person in writing",
        "10 minutes and 1 GB",
        "Everything is erased 30 days later",
        "/sample/report/",
        "A notice",
        "What the consent says.",
        "Participants of a study",
        "United Kingdom",
    ):
        assert told in text
    for refused in ("Choosing applicants", "Telling truth from untruth", "Rendered people"):
        assert refused not in text
    assert "sessionid" not in answer.cookies
    assert not re.search(r"<script[^>]+src=\"https?:", text)


def test_asking_mails_the_link_and_shows_the_uploader_of_this_request(client, home):
    answer = ask(client)

    (sample,) = every(SampleRequest)
    (sent,) = mail.outbox
    secret = re.search(r"/sample/([\w-]{43})/", sent.body)[1]
    assert sent.to == ["grace@prospect.example"]
    assert links.find(secret).pk == sample.pk
    assert answer.redirect_chain == [("/sample/sent/", 302)]
    text = text_of(answer)
    for told in (
        sample.reference,
        "grace@prospect.example",
        "is erased after",
        'name="upload"',
        "/sample/upload/",
    ):
        assert told in text
    assert secret not in text
    assert client.session["sample"] == str(sample.pk)
    assert (sample.state, sample.entered_by_id) == (SampleState.UNCONFIRMED, None)


def test_another_browser_sees_nothing_of_it(client, home):
    ask(client)

    text = text_of(Client().get("/sample/sent/"))

    (sample,) = every(SampleRequest)
    assert "a mail with your private link is on its way" in text
    for secret in (sample.reference, "grace@prospect.example", 'name="upload"'):
        assert secret not in text


def test_a_refused_use_is_told_with_reason_and_source_and_nothing_is_kept(client, home):
    answer = ask(client, region="eu", setting="education")

    assert answer.status_code == 400
    text = text_of(answer)
    assert "inferring emotions in education is prohibited" in text
    assert "EU AI Act, Regulation (EU) 2024/1689" in text
    assert 'value="grace@prospect.example"' in text
    assert every(SampleRequest) == every(Project) == mail.outbox == []


def test_what_is_to_be_confirmed_by_name_is_asked_once_more(client, home):
    first = ask(client, region="other")
    kept = every(SampleRequest)

    second = ask(client, region="other", confirms="region_not_read")

    assert "The law there was not looked up" in text_of(first)
    assert 'value="region_not_read"' in text_of(first)
    assert 'aria-describedby="id_confirms_error"' in text_of(first)
    assert 'id="id_confirms_error"><li>One more thing' in text_of(first)
    assert kept == []
    assert [sample.region for sample in every(SampleRequest)] == ["other"]
    assert second.redirect_chain == [("/sample/sent/", 302)]


def test_a_program_is_thanked_and_nothing_is_kept(client, home):
    answer = ask(client, website="https://spam.example")

    assert answer.redirect_chain == [("/sample/sent/", 302)]
    assert every(SampleRequest) == every(Project) == mail.outbox == []


def test_nobody_asks_without_end(client, home):
    for number in range(limits.SAMPLE_ASK.amount):
        ask(client, email=f"{number}@prospect.example")

    answer = ask(client, email="more@prospect.example")

    assert answer.status_code == 429
    assert "Wait" in text_of(answer)
    emails = {sample.email for sample in every(SampleRequest)}
    assert len(emails) == limits.SAMPLE_ASK.amount
    assert "more@prospect.example" not in emails
    assert len(mail.outbox) == limits.SAMPLE_ASK.amount


def test_nobody_is_mailed_without_end(home):
    for _number in range(limits.SAMPLE_MAIL.amount):
        ask(Client())

    answer = ask(Client())

    assert answer.status_code == 429
    assert len(every(SampleRequest)) == len(mail.outbox) == limits.SAMPLE_MAIL.amount


def test_the_mail_is_sent_again_with_a_new_link(client, home):
    ask(client)
    old = re.search(r"/sample/([\w-]{43})/", mail.outbox[0].body)[1]

    client.post("/sample/sent/")

    new = re.search(r"/sample/([\w-]{43})/", mail.outbox[1].body)[1]
    assert links.find(new).email == "grace@prospect.example"
    assert fresh(every(SampleRequest)[0]).token_hash == links.hash_secret(new) != links.hash_secret(old)


def test_a_mail_server_that_is_away_loses_nothing(client, home, monkeypatch):
    def away(*_args, **_kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(links, "send_mail", away)

    text = text_of(ask(client))

    assert "The mail could not be sent just now." in text
    assert "Send the mail again" in text
    assert len(every(SampleRequest)) == 1


def test_a_mail_that_is_not_taken_leaves_the_link_before_it_valid(client, home, monkeypatch):
    ask(client)
    old = re.search(r"/sample/([\w-]{43})/", mail.outbox[0].body)[1]

    def away(*_args, **_kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(links, "send_mail", away)
    answer = client.post("/sample/sent/", follow=True)

    assert "The mail could not be sent just now." in text_of(answer)
    assert links.find(old).email == "grace@prospect.example"


def test_once_the_request_is_gone_the_page_says_so(client, home):
    ask(client)
    with tenant(home.pk):
        SampleRequest.objects.all().delete()

    text = text_of(client.get("/sample/sent/"))

    assert "Everything of it was erased." in text
    assert "is on its way" not in text


def test_once_it_is_confirmed_the_page_leads_to_the_link(client, home):
    ask(client)
    save(every(SampleRequest)[0], state=SampleState.OPEN, confirmed_at=timezone.now())

    text = text_of(client.post("/sample/sent/"))

    assert "stands at your private link" in text
    assert 'name="upload"' not in text
    assert len(mail.outbox) == 1


def test_without_a_desk_it_says_so_calmly(client, organisation):
    for path in ("/sample/", "/sample/sent/"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "No sample analyses are taken here at the moment." in text_of(answer)

    assert ask(client).status_code == 503
    assert every(SampleRequest) == []
    told = client.get("/sample/", headers={"accept": "application/json"}).json()
    assert told["code"] == "no_desk"


def test_whoever_asks_in_german_reads_german_and_goes_on_in_it(client, home):
    form = text_of(client.get("/de/sample/"))
    answer = client.post("/de/sample/", ASKED, follow=True)

    text = text_of(answer)
    assert answer.redirect_chain == [("/de/sample/sent/", 302)]
    for told in ('<html lang="de">', "Was möchten Sie erfahren?", '<option value="DE">Deutschland</option>'):
        assert told in form
    for told in (
        "Sehen Sie in Ihr Postfach",
        'name="next" value="/de/sample/sent/"',
        "der Bericht sind auf Englisch",
    ):
        assert told in text
    assert '<div lang="en">' in text
    assert "Send the recording" in text
    assert "What do you want to learn?" not in form
    assert "auf Englisch" not in text_of(client.get("/sample/"))
    (sample,) = every(SampleRequest)
    assert "confirm that it was you" in mail.outbox[0].body
    assert mail.outbox[0].subject == f"Confirm your sample analysis {sample.reference}"


def test_what_is_wrong_is_told_in_the_language_of_the_form(client, home):
    wrong = text_of(client.post("/es/sample/", ASKED | {"email": "grace", "wish": ""}))
    refused = text_of(client.post("/es/sample/", ASKED | {"region": "eu", "setting": "education"}))
    asked_once_more = text_of(client.post("/es/sample/", ASKED | {"region": "other"}))

    assert "Correo electrónico del trabajo</label>" in wrong
    assert "¿Qué quiere saber?: Este campo es obligatorio." in wrong
    assert "Este producto rechaza este uso." in refused
    assert "En la Unión Europea está prohibido inferir emociones en la educación" in refused
    assert "Para confirmar con su nombre" in asked_once_more
    assert "not looked up" not in asked_once_more
    assert every(SampleRequest) == mail.outbox == []


def test_who_asks_without_end_is_told_so_in_their_language(client, home):
    for number in range(limits.SAMPLE_ASK.amount):
        client.post("/de/sample/", ASKED | {"email": f"{number}@prospect.example"})

    answer = client.post("/de/sample/", ASKED | {"email": "more@prospect.example"})

    assert answer.status_code == 429
    assert "Zu viele Versuche" in text_of(answer)
    assert "Wait" not in text_of(answer)


def test_the_moment_reads_as_the_language_writes_it(client, home):
    ask(client)
    save(every(SampleRequest)[0], created_at=datetime(2026, 3, 1, 12, tzinfo=UTC))

    told = {code: text_of(client.get(f"{code}/sample/sent/")) for code in ("", "/de", "/es")}

    assert "is erased after 2 March 2026, 12:00 GMT." in told[""]
    assert "nach dem 2. März 2026, 12:00 GMT gelöscht" in told["/de"]
    assert "después del 2 de marzo de 2026, 12:00 GMT." in told["/es"]
