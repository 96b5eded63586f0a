"""The prospect's own pages in a browser, with script and without."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from echodepth.tenancy import tenant
from reports.domain.samples import links
from reports.enums import SampleState
from tests.browser.test_shell import look, violations
from tests.support.clips import portrait_clip
from tests.support.sample_work import analysed, received
from tests.support.samples import asked, desk
from tests.support.tenants import every, fresh, save
from tests.support.uploading import Line

pytestmark = pytest.mark.django_db(transaction=True)

NOTE = "The speaker is lit from one side.\n\nRead the second page first."


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    options = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": options},
    }


@pytest.fixture
def clip(tmp_path):
    return portrait_clip(tmp_path / "our-pitch.mp4", frames=30)


def at(sample) -> str:
    with tenant(sample.organisation_id):
        return f"/sample/{links.renew(sample)}/"


def standing(**facts) -> str:
    """The page of a received request that stands like this."""
    return at(save(received(at=desk(), email="grace@prospect.example"), **facts))


def test_a_broken_line_goes_on_after_the_page_was_loaded_again(page, clip, monkeypatch):
    monkeypatch.setattr("analysis.domain.intake.incoming.part_size", lambda _size: 4 * 1024)
    desk()
    issued = asked()
    line = Line(page, most=1)
    page.goto(f"/sample/{issued.secret}/")
    page.get_by_label("Your recording").set_input_files(clip)
    page.get_by_role("button", name="Send the recording").click()
    expect(page.locator(".uploads__state")).to_contain_text(re.compile("[1-9][0-9] %"))
    for _turn in range(100):
        if line.waiting:  # the second part, so the first one has come in
            break
        page.wait_for_timeout(100)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator(".uploads__state")).to_contain_text(re.compile("[1-9]. % of .* has come in"))
    line.open()

    page.get_by_label("Your recording").set_input_files(clip)
    page.get_by_role("button", name="Send the recording").click()

    expect(page.get_by_text("Your file is here. Confirm your address, and we begin.")).to_be_visible()
    assert fresh(issued.sample).recording_id is not None
    page.get_by_role("button", name="Confirm and go on").click()
    expect(page.get_by_text("Ready by")).to_be_visible()
    assert fresh(issued.sample).state == SampleState.RECEIVED


def test_without_script_a_document_is_sent_and_all_is_withdrawn(browser, live_server, tmp_path):
    desk()
    issued = asked()
    speech = tmp_path / "speech.txt"
    speech.write_text("Our speech, word by word.")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()

    page.goto(f"/sample/{issued.secret}/")
    page.get_by_role("button", name="Confirm and go on").click()
    page.get_by_text("I have a document instead").click()
    page.get_by_label("Your document").set_input_files(speech)
    page.get_by_role("button", name="Send the document").click()
    expect(page.get_by_text("A person works on it by hand")).to_be_visible()
    page.get_by_role("link", name="Withdraw and delete").click()
    page.get_by_role("button", name="Withdraw and delete now").click()

    expect(page.get_by_text("Everything of this request is being erased")).to_be_visible()
    assert fresh(issued.sample).state == SampleState.WITHDRAWN
    context.close()


def test_the_report_asks_for_the_code_of_the_mail(page):
    until = timezone.now() + timedelta(days=14)
    address = standing(state=SampleState.DELIVERED, report_until=until, note=NOTE)
    page.goto(address)
    page.get_by_role("button", name="Send me the code").click()
    (code,) = re.findall(r"^\d{6}$", mail.outbox[-1].body, re.MULTILINE)
    page.get_by_label("The six digits").fill("12")
    page.get_by_role("button", name="Open the report").click()
    expect(page.get_by_role("alert")).to_contain_text("not the one that was sent last")
    assert violations(page) == []

    page.get_by_label("The six digits").fill(code)
    page.get_by_role("button", name="Open the report").click()

    expect(page.get_by_text("The speaker is lit from one side.")).to_be_visible()
    expect(page.get_by_role("link", name="Open the report (PDF)")).to_be_visible()
    assert violations(page) == []


WAYS = {
    "unconfirmed": {"state": SampleState.UNCONFIRMED},
    "open": {"state": SampleState.OPEN},
    "received": {},
    "asked": {"state": SampleState.ASKED, "question": "Who is the person on the left? " * 6},
    "declined": {"state": SampleState.DECLINED, "reason": "There is nobody in it.\nSend another one."},
    "delivered": {
        "state": SampleState.DELIVERED,
        "report_until": timezone.now() + timedelta(days=14),
        "erase_on": timezone.localdate() + timedelta(days=30),
    },
    "erased": {"state": SampleState.WITHDRAWN, "erased_at": timezone.now()},
}


@pytest.mark.parametrize("way", WAYS)
def test_the_page_reads_at_every_width_in_both_modes(page, way):
    place = desk()
    if way in {"unconfirmed", "open"}:
        sample = save(asked().sample, **WAYS[way])
    else:
        sample = received(at=place, **WAYS[way])
        analysed(sample)

    assert look(page, at(sample)) == []
    assert [one.pk for one in every(type(sample))] == [sample.pk]


def test_withdrawing_reads_at_every_width_in_both_modes(page):
    assert look(page, f"{standing()}withdraw/") == []
