"""The public form for a free sample analysis in a browser, with script and without."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from reports.domain.samples import links
from reports.enums import SampleState
from reports.models import SampleRequest
from tests.browser.test_shell import WIDTHS, look, overflow, violations
from tests.support.clips import portrait_clip
from tests.support.samples import desk
from tests.support.tenants import every

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    options = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": options},
    }


def fill(page, region="United Kingdom"):
    page.get_by_label("Your name").fill("Grace Example")
    page.get_by_label("Company", exact=True).fill("Prospect Works")
    page.get_by_label("Work e-mail").fill("grace@prospect.example")
    page.get_by_label("Where do you work?").select_option("United Kingdom")
    page.get_by_label("What do you want to learn?").fill("How our pitch comes across.")
    page.get_by_label("Me, giving a pitch").check()
    page.get_by_label("Where was it made?").select_option("A stage or an event")
    page.get_by_label("Where are the people in it?").select_option(region)
    page.get_by_label("Everybody who can be seen").check()
    page.get_by_label("I am responsible for this use").check()


def send(page):
    page.get_by_role("button", name="Ask for the analysis").click()


def test_a_refused_use_is_told_at_the_form_and_can_be_put_right_there(page):
    desk()
    page.goto("/sample/")
    fill(page)
    page.get_by_label("Children under 18").check()
    send(page)

    expect(page.get_by_role("alert")).to_contain_text("This product refuses this use.")
    expect(page.get_by_text("Children are not analysed")).to_be_visible()
    assert violations(page) == []
    assert every(SampleRequest) == mail.outbox == []

    page.get_by_label("Children under 18").uncheck()
    page.get_by_label("Where are the people in it?").select_option("Another country")
    send(page)
    expect(page.get_by_role("heading", name="To be confirmed by name")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("I confirm it with the name").check()
    send(page)

    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    assert violations(page) == []
    assert [sample.region for sample in every(SampleRequest)] == ["other"]


def test_the_file_is_sent_while_the_mail_waits_and_confirming_signs(page, tmp_path):
    desk()
    page.goto("/sample/")
    fill(page)
    send(page)
    page.set_input_files("#sample-recording", portrait_clip(tmp_path / "pitch.mp4", frames=30))
    page.get_by_role("button", name="Send the recording").click()
    expect(page.get_by_text("Your file is there.")).to_be_visible()
    (waiting,) = every(SampleRequest)

    secret = re.search(r"/sample/([\w-]{43})/", mail.outbox[0].body)[1]
    page.goto(f"/sample/{secret}/")
    expect(page.get_by_text("By confirming you sign this with the name that you gave.")).to_be_visible()
    page.get_by_role("button", name="Confirm and go on").click()
    expect(page.get_by_text("Ready by")).to_be_visible()

    assert (waiting.state, waiting.recording_id is None) == (SampleState.UNCONFIRMED, False)
    assert links.find(secret).state == SampleState.RECEIVED


def test_it_works_without_script(browser, live_server):
    desk()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sample/")
    fill(page)
    send(page)

    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    assert page.get_by_label("Leave this empty").count() == 0
    names = {cookie["name"] for cookie in context.cookies()}
    context.close()
    assert names == {"sessionid", "csrftoken"}
    assert [sample.name for sample in every(SampleRequest)] == ["Grace Example"]


def test_the_public_pages_read_at_every_width_in_both_modes(page):
    desk()

    for path in ("/sample/", "/sample/report/", "/sample/sent/"):
        assert look(page, path) == []
    page.goto("/sample/")
    fill(page)
    send(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0
