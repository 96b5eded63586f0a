"""A free sample analysis in browsers: the prospect's, which nobody signs in to, and the sales desk's."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from accounts.enums import PlatformRole
from analysis.domain import demonstration
from analysis.models import Recording, Run
from echodepth.storage.verify import listed
from echodepth.tenancy import tenant
from reports.domain.samples import desk, ending
from reports.enums import SampleState
from reports.models import SampleRequest
from tests.browser.test_shell import violations
from tests.factories import SampleRequestFactory
from tests.support.erasing import erase_all, nobody_writes
from tests.support.mailbox import Mailbox, mail_server
from tests.support.models import FOLDER, real_models
from tests.support.shared import FOLDER as SHARED
from tests.support.staff import at_work, platform_person
from tests.support.tenants import every, fresh

pytestmark = pytest.mark.django_db(transaction=True)

NAME, EMAIL = "Grace Example", "grace@prospect.example"
WISH = "How I come across in the first minute."
LINK = re.compile(r"https?://[^/]+(/sample/\S+)")


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    real_models()
    settings.MODELS_FOLDER = FOLDER
    place = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": {**settings.STORAGES["default"], "OPTIONS": place}}


@pytest.fixture
def samples():
    """The desk's organisation; its sample report is another test's."""
    made, _is_new = desk.prepare("EchoDepth samples", "privacy@desk.example", "Europe/London")
    OrmQ.objects.all().delete()
    return made


@pytest.fixture
def mails() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def prospect(browser: Browser, live_server) -> Iterator[Page]:
    """A browser of somebody who has no account."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def seller(page: Page, live_server, settings) -> Page:
    """Somebody of the sales desk, signed in with a second factor."""
    name = settings.SESSION_COOKIE_NAME
    session = at_work(platform_person(PlatformRole.SALES)).cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
    return page


def recording(folder: Path) -> Path:
    """One of the development clips, where they are; else what the product brings along."""
    clip = SHARED / "data" / "clips" / "single-face.mp4"
    return clip if clip.is_file() else demonstration.RECORDING


def work():
    """What workers do with the queue, until it is empty."""
    while waiting := OrmQ.objects.order_by("pk").first():
        task = waiting.task
        waiting.delete()
        import_string(task["func"])(*task["args"])


def ask(page: Page, **changed: str):
    told = {"Your name": NAME, "Work e-mail": EMAIL, "Company": "Prospect Works"} | changed
    page.goto("/sample/")
    for label, words in told.items():
        page.get_by_role("textbox", name=label).fill(words)
    page.get_by_label("What do you want to learn?").fill(WISH)
    page.get_by_label("Where do you work?").select_option(label="United Kingdom")
    page.get_by_label("Me, giving a pitch or a speech of my own").check()
    page.get_by_label("Where was it made?").select_option(label="The person records themselves")
    page.get_by_label("Where are the people in it?").select_option(label="United Kingdom")
    page.get_by_label("Everybody who can be seen was told").check()
    page.get_by_label("I am responsible for this use").check()
    page.get_by_role("button", name="Ask for the analysis").click()
    if page.get_by_label("I confirm it with the name").count():
        page.get_by_label("I confirm it with the name").check()
        page.get_by_role("button", name="Ask for the analysis").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()


def send(page: Page, file: Path):
    page.get_by_label("Your recording").set_input_files(file)
    page.get_by_role("button", name="Send the recording").click()


def link_in(mails: Mailbox) -> str:
    return LINK.search(mails.words(EMAIL)).group(1)


def confirm(page: Page, mails: Mailbox) -> str:
    """Open the link of the mail and press its button; the link."""
    link = link_in(mails)
    page.goto(link)
    assert violations(page) == []
    page.get_by_role("button", name="Confirm and go on").click()
    expect(page.get_by_text("Your e-mail address is confirmed")).to_be_visible()
    return link


def open_at_desk(page: Page, reference: str):
    page.goto("/desk/")
    page.get_by_role("link", name=reference).click()
    expect(page.get_by_role("heading", name=reference, level=1)).to_be_visible()


def sign(page: Page, reference: str):
    open_at_desk(page, reference)
    page.get_by_role("link", name="Read and sign the report").click()
    page.get_by_label("Your name, as you sign").fill("R. Eviewer")
    page.get_by_label("I have read this draft").check()
    page.get_by_role("button", name="Sign the report").click()
    work()


def deliver(page: Page, reference: str):
    open_at_desk(page, reference)
    page.get_by_label("Covering note").fill("Watch the pause at the start.")
    page.get_by_role("button", name="Keep the note").click()
    page.get_by_role("button", name="Deliver the report").click()
    expect(page.locator("main")).to_contain_text("Delivered")


def read(page: Page, mails: Mailbox) -> PdfReader:
    """By the link of the newest mail and the code that follows it."""
    page.goto(link_in(mails))
    expect(page.get_by_role("link", name="Open the report")).to_have_count(0)
    page.get_by_role("button", name="Send me the code").click()
    expect(page.get_by_label("The six digits")).to_be_visible()
    page.get_by_label("The six digits").fill(re.search(r"\b\d{6}\b", mails.words(EMAIL)).group())
    page.get_by_role("button", name="Open the report", exact=True).click()
    expect(page.get_by_text("Watch the pause at the start.")).to_be_visible()
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Open the report (PDF)").click()
    return PdfReader(BytesIO(download.value.path().read_bytes()))


def test_from_the_public_form_to_the_signed_report(samples, mails, prospect, seller, tmp_path):
    ask(prospect)
    (sample,) = every(SampleRequest)
    send(prospect, recording(tmp_path))
    expect(prospect.get_by_text("Your file is there.")).to_be_visible(timeout=60_000)
    work()
    assert fresh(sample).state == SampleState.UNCONFIRMED
    held = fresh(sample).recording_id
    assert held not in {run.recording_id for run in every(Run)}  # nobody has proved the address

    confirm(prospect, mails)
    expect(prospect.get_by_text("Ready by")).to_be_visible()
    assert fresh(sample).state == SampleState.RECEIVED
    assert "Your report is ready by" in mails.words(EMAIL)
    work()
    seller.goto("/desk/")
    assert violations(seller) == []
    sign(seller, sample.reference)
    deliver(seller, sample.reference)
    assert violations(seller) == []

    report = read(prospect, mails)
    text = "".join(part.extract_text() for part in report.pages)
    assert "R. Eviewer" in text
    assert "Draft" not in report.pages[0].extract_text()
    assert EMAIL not in text
    assert mail.get_connection().host == "127.0.0.1"


def test_one_that_is_declined_is_told_why(samples, mails, prospect, seller, tmp_path):
    ask(prospect)
    link = confirm(prospect, mails)
    prospect.get_by_text("I have a document instead").click()
    notes = tmp_path / "notes.txt"
    notes.write_text("What was said in the meeting.")
    prospect.get_by_label("Your document").set_input_files(notes)
    prospect.get_by_role("button", name="Send the document").click()
    expect(prospect.get_by_text("A person works on it by hand")).to_be_visible()
    (sample,) = every(SampleRequest)

    open_at_desk(seller, sample.reference)
    expect(seller.locator("main")).to_contain_text("By hand")
    seller.get_by_text("Decline the request").click()
    seller.get_by_label("Reason").fill("It holds nothing that a face could be measured in.")
    seller.get_by_role("button", name="Decline and tell the prospect").click()
    expect(seller.locator("main")).to_contain_text("Declined")

    prospect.goto(link_in(mails))
    expect(prospect.get_by_text("It holds nothing that a face could be measured in.")).to_be_visible()
    assert prospect.goto(link).status == 404  # a newer link took its place


def test_one_that_is_withdrawn_is_gone_and_certified(samples, mails, prospect, tmp_path):
    ask(prospect)
    send(prospect, recording(tmp_path))
    expect(prospect.get_by_text("Your file is there.")).to_be_visible(timeout=60_000)
    confirm(prospect, mails)
    (sample,) = every(SampleRequest)
    held = fresh(sample).recording_id
    assert [one.key for one in listed(f"{samples.pk}/") if str(held) in one.key]

    prospect.get_by_role("link", name="Withdraw and delete").click()
    prospect.get_by_role("button", name=re.compile("Withdraw")).click()
    expect(prospect.get_by_text("Everything of this request is being erased")).to_be_visible()
    with tenant(samples.pk):
        nobody_writes()
        erase_all()
    ending.sweep()

    assert not [one.key for one in listed(f"{samples.pk}/") if str(held) in one.key]
    left = fresh(sample)
    assert (left.name, left.email, left.company, left.wish, left.recording_id) == ("", "", "", "", None)
    prospect.goto(link_in(mails))
    assert violations(prospect) == []
    with prospect.expect_download() as download:
        prospect.get_by_role("link", name="Certificate to verify").click()
    told = download.value.path().read_text()
    assert str(held) in told
    assert NAME not in told
    assert EMAIL not in told


@pytest.mark.parametrize(
    ("name", "content"),
    [("talk.mp4", b"MZ" + bytes(4000)), ("talk.mkv", b"PK\x03\x04" + bytes(4000))],
    ids=["a program", "an archive"],
)
def test_what_is_no_video_is_refused_and_nothing_of_it_kept(
    samples, mails, prospect, tmp_path, name, content
):
    ask(prospect)
    hostile = tmp_path / name
    hostile.write_bytes(content)

    send(prospect, hostile)

    expect(prospect.locator("[data-uploads]")).to_contain_text("Not taken", timeout=20_000)
    with tenant(samples.pk):
        (sample,) = SampleRequest.objects.all()
        assert not Recording.objects.filter(project=sample.project_id).exists()
    assert not [one for one in listed(f"{samples.pk}/") if one.size == len(content)]


def test_an_overdue_one_is_seen_at_a_glance(samples, seller):
    for days, reference in ((-6, "S-LATE-22"), (0, "S-NOWW-22"), (9, "S-SOON-22")):
        due = timezone.localdate() + timedelta(days=days)
        with tenant(samples.pk):
            SampleRequestFactory(
                project__organisation=samples,
                reference=reference,
                state=SampleState.RECEIVED,
                received_at=timezone.now() - timedelta(days=8),
                due_on=due,
            )
    seller.goto("/desk/")

    rows = seller.get_by_role("row").filter(has=seller.get_by_role("rowheader"))
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("S-LATE-22")
    expect(rows.first).to_contain_text("working days late")
    expect(rows.last).not_to_contain_text("late")
    assert violations(seller) == []
    seller.get_by_role("link", name=re.compile("1 overdue")).click()
    expect(seller.get_by_role("row").filter(has=seller.get_by_role("rowheader"))).to_have_count(1)
