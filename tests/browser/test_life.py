"""The whole life of one recording, in a browser: from what it is for to the proof that it is gone."""

import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from playwright.sync_api import Page, expect

from accounts.domain.retention import sweeps
from accounts.enums import DataClass, ErasureState
from accounts.models import Certificate, Consent, Erasure, Notice, Retention, Subject
from analysis.engine.result import from_json
from analysis.enums import RunState
from analysis.models import Recording, Run, TrackAssignment
from echodepth.storage.verify import listed
from echodepth.tenancy import tenant
from reports.models import Report
from tests.support import clips
from tests.support.erasing import erase_all, nobody_writes
from tests.support.models import FOLDER, real_models

pytestmark = pytest.mark.django_db(transaction=True)

LABEL = "P-014"
PERSON = "Alex Rivera"
TITLE = "meeting"
NAMES = (LABEL, PERSON, TITLE, "Harbour", "owner@harbour.example")


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    real_models()
    settings.MODELS_FOLDER = FOLDER
    options = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": options},
    }


def work():
    """What workers do with the queue, until it is empty."""
    while waiting := OrmQ.objects.order_by("pk").first():
        task = waiting.task
        waiting.delete()
        import_string(task["func"])(*task["args"])


def declare(page: Page):
    page.goto("/o/harbour/projects/new/")
    page.get_by_label("Name").fill("Sales talks")
    page.get_by_role("button", name="Create project").click()
    page.get_by_label("A sales conversation").check()
    page.get_by_label("Where are they made?").select_option(label="An online meeting")
    page.get_by_label("Where are the people in them?").select_option(label="European Union")
    page.get_by_label("Customer", exact=True).check()
    page.get_by_label("Own staff", exact=True).check()
    page.get_by_role("button", name="Declare this use").click()
    expect(page.locator("main")).to_contain_text("A sales conversation")
    expect(page.locator("main")).to_contain_text("Allowed")
    expect(page.locator("main")).to_contain_text("EU AI Act")


def publish_texts(page: Page):
    for kind in ("Consent", "Notice of emotion analysis"):
        page.goto("/o/harbour/texts/new/")
        page.get_by_label("Kind").select_option(label=kind)
        page.get_by_role("button", name="Begin the version").click()
        if page.get_by_role("link", name="Edit", exact=True).count():
            page.get_by_role("link", name="Edit", exact=True).click()
        body = page.locator("textarea")
        body.fill(re.sub(r"\[\[.*?\]\]", "Harbour Institute", body.input_value()))
        page.get_by_role("button", name="Save the draft").click()
        page.get_by_role("button", name="Publish").click()
        expect(page.locator("main")).to_contain_text("Published")


def add_subject(page: Page):
    page.goto("/o/harbour/projects/")
    page.get_by_role("link", name="Sales talks").click()
    page.get_by_role("link", name="Subjects").first.click()
    page.get_by_label("Label").fill(LABEL)
    page.get_by_label("What the person is to you").select_option(label="Customer")
    page.get_by_role("button", name="Add subject").click()
    page.get_by_role("link", name=f"Consent of {LABEL}").click()
    expect(page.locator("main")).to_contain_text("cannot be analysed yet")


def sign(browser, live_server, page: Page):
    """The person's own browser, where nobody is signed in."""
    page.get_by_role("link", name="Ask for consent").click()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link").input_value()
    context = browser.new_context(base_url=live_server.url)
    theirs = context.new_page()
    theirs.goto(link[link.index("/consent/") :])
    expect(theirs.locator("main")).to_contain_text("Harbour Institute asks you")
    theirs.get_by_label("Your full name").fill(PERSON)
    for box in theirs.get_by_role("group", name="I agree that").get_by_role("checkbox").all():
        box.check()
    theirs.get_by_role("button", name="Sign and agree").click()
    expect(theirs.locator("main")).to_contain_text(PERSON)
    expect(theirs.get_by_role("link", name="Withdraw")).to_be_visible()
    context.close()


def upload(page: Page, clip):
    page.goto("/o/harbour/upload/")
    expect(page.locator("main")).to_contain_text("Recordings are kept 365 days")
    page.get_by_label("Project").select_option(label="Sales talks")
    page.get_by_label("Subject").fill(LABEL)
    page.get_by_label("Video files").set_input_files(clip)
    page.get_by_role("button", name="Upload and analyse").click()
    page.get_by_role("row").get_by_role("link", name=TITLE).click(timeout=60_000)


def say_who_is_who(page: Page, organisation) -> tuple[int, int]:
    """Left the customer, right somebody of one's own; their tracks."""
    work()
    page.reload()
    page.get_by_role("link", name="Say who is who").click()
    with tenant(organisation.pk):
        faces = sorted(Run.objects.get().people, key=lambda one: one["places"][0][1])
    for face, role in zip(faces, ("Customer", "Own staff"), strict=True):
        card = page.get_by_role("region", name=f"Face {face['track']}")
        card.get_by_label("Role").select_option(label=role)
        if role == "Customer":
            card.get_by_label("Subject").select_option(label=LABEL)
    page.get_by_role("button", name="Go on with the analysis").click()
    work()
    return faces[0]["track"], faces[1]["track"]


def is_measured(run: Run, track: int) -> bool:
    with default_storage.open(run.result_key) as stored:
        result = from_json(stored.read().decode())
    (found,) = [one for one in result.tracks if one.track == track]
    assert (found.withheld is None) == bool(found.events or found.signals)
    return found.withheld is None


def review(page: Page):
    expect(page.locator("main")).to_contain_text("Draft")
    page.get_by_label("Your name, as you sign").fill("R. Eviewer")
    page.get_by_label("I have read this draft").check()
    page.get_by_role("button", name="Sign the report").click()
    work()
    page.reload()
    expect(page.locator("main")).to_contain_text("R. Eviewer")


def hold(page: Page, recording):
    page.goto(f"/o/harbour/retention/holds/new/recording/{recording.pk}/")
    page.get_by_label("Reason").fill("Case 12")
    page.get_by_role("button", name="Place the hold").click()
    expect(page.locator("main")).to_contain_text("Case 12")


def pass_time(organisation):
    """As if all that is kept of the recording were due, and everybody had been told of it."""
    long_ago = timezone.now() - timedelta(days=400)
    with tenant(organisation.pk):
        kept = Retention.objects.exclude(data_class__in=[DataClass.CONSENTS, DataClass.LOGS])
        assert {DataClass.MEDIA, DataClass.FRAMES, DataClass.FINDINGS, DataClass.REPORTS} <= set(
            kept.values_list("data_class", flat=True)
        )
        kept.update(due_at=long_ago, noticed_at=long_ago)


def release(page: Page):
    page.goto("/o/harbour/retention/holds/")
    page.get_by_role("button", name="Release").click()
    expect(page.locator("main")).to_contain_text("Nothing is held")


def expire(organisation):
    """By the clock's own sweep, and then as workers do, none of whom is still writing."""
    sweeps.sweep()
    with tenant(organisation.pk):
        nobody_writes()
        erase_all()


def test_the_whole_life_of_a_recording(organisation, owner, signed_in, browser, live_server, tmp_path):
    page = signed_in(owner.user)
    declare(page)
    publish_texts(page)
    add_subject(page)
    sign(browser, live_server, page)
    with tenant(organisation.pk):
        assert Consent.objects.get().signer == PERSON
        assert Notice.objects.get().way == "link"

    upload(page, clips.write(tmp_path / f"{TITLE}.mp4", clips.two_people(75)))
    with tenant(organisation.pk):
        recording = Recording.objects.get()
    customer, own = say_who_is_who(page, organisation)
    with tenant(organisation.pk):
        run = Run.objects.get()
        assert run.state == RunState.DONE, (run.state, run.error_code)
        assert run.withheld == [own]
        assert is_measured(run, customer)
        assert not is_measured(run, own)
        draft = Report.objects.get().sha256
    page.goto(f"/o/harbour/results/{run.pk}/")
    left_out = page.get_by_role("region", name="People who are left out").first
    expect(left_out).to_contain_text("Own staff")
    expect(left_out).not_to_contain_text("Customer")

    review(page)
    with tenant(organisation.pk):
        assert Report.objects.get().sha256 != draft

    hold(page, recording)
    pass_time(organisation)
    expire(organisation)
    with tenant(organisation.pk):
        assert Recording.objects.get().storage_key
        assert not Erasure.objects.exclude(state=ErasureState.HELD).exists()
    release(page)
    expire(organisation)
    gone(page, organisation, recording, run)
    certified(page, browser, live_server, organisation, recording)


def gone(page: Page, organisation, recording, run):
    assert page.goto(f"/o/harbour/recordings/{recording.pk}/").status == 404
    with tenant(organisation.pk):
        for model in (Recording, Run, Report, TrackAssignment):
            assert not model.objects.exists(), model
        assert Consent.objects.get().signer == PERSON  # the proof has a time of its own
        assert Subject.objects.get().label == LABEL
    left = [one.key for one in listed(f"{organisation.pk}/")]
    assert not [key for key in left if str(recording.pk) in key or str(run.pk) in key]


def certified(page: Page, browser, live_server, organisation, recording):
    """Every certificate is taken from its page, names nobody, and is valid for whoever asks."""
    with tenant(organisation.pk):
        count = Certificate.objects.count()
    page.goto("/o/harbour/retention/erasures/")
    links = page.get_by_role("link", name="JSON")
    expect(links).to_have_count(count)
    texts = []
    for number in range(count):
        with page.expect_download() as download:
            links.nth(number).click()
        texts.append(download.value.path().read_text())
    assert recording.sha256 in "".join(texts)
    assert not [name for name in NAMES if any(name in text for text in texts)]
    context = browser.new_context(base_url=live_server.url)
    for text, verdict in (
        (texts[0], "Valid"),
        (texts[0].replace('"reason": "policy"', '"reason": "member"'), "Not valid"),
    ):
        anybody = context.new_page()
        anybody.goto("/certificates/")
        anybody.locator("textarea").fill(text)
        anybody.get_by_role("button", name="Verify").click()
        expect(anybody.get_by_role("status")).to_contain_text(f"{verdict}:")
        anybody.close()
    context.close()
