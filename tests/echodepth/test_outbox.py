import pytest
from django.core.mail import EmailMessage, get_connection

from echodepth.outbox import read_outbox


@pytest.fixture
def folder(tmp_path, settings):
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    return settings.EMAIL_FILE_PATH


def send(folder, *messages):
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=folder)
    connection.send_messages(list(messages))


def message(subject, body="Hello", to="a@example.org", minute=0):
    headers = {"Date": f"Sun, 22 Nov 2026 10:{minute:02}:00 -0000"}
    return EmailMessage(subject, body, "EchoDepth <no-reply@localhost>", [to], headers=headers)


def test_mails_are_shown_newest_first_and_links_can_be_followed(client, folder):
    send(folder, message("First"))
    send(
        folder, message("Grüße", "Öffne http://127.0.0.1:8000/account/ bitte <b>", "b@example.org", minute=1)
    )

    page = client.get("/outbox/").content.decode()

    assert page.index("Grüße") < page.index("First")
    assert '<a href="http://127.0.0.1:8000/account/"' in page
    assert "Öffne" in page
    assert "&lt;b&gt;" in page
    assert "To b@example.org" in page
    assert "22 Nov 2026, 10:01:00 UTC" in page


def test_several_mails_of_one_file_are_told_apart(folder):
    send(folder, message("One"), message("Two"))

    assert {mail.subject for mail in read_outbox(folder)} == {"One", "Two"}


def test_without_a_mail_the_page_says_so(client, folder):
    assert "No mail yet" in client.get("/outbox/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("demo", "address"), [(False, "127.0.0.1"), (True, "192.0.2.7"), (True, ""), (True, "2001:db8::1")]
)
def test_it_is_not_there_for_others(client, folder, settings, demo, address):
    settings.DEMO = demo
    send(folder, message("Secret link"))

    response = client.get("/outbox/", REMOTE_ADDR=address)

    assert response.status_code == 404
    assert "Secret link" not in response.content.decode()


def test_the_sixth_version_of_loopback_counts(client, folder):
    assert client.get("/outbox/", REMOTE_ADDR="::1").status_code == 200


@pytest.mark.django_db
def test_a_proxy_on_this_machine_does_not_open_it(client, folder):
    assert client.get("/outbox/", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
