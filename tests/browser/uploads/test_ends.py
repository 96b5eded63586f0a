"""How uploads end, in a browser: together, refused, known already, checked by a server that breaks off."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from analysis.domain.intake import finishing
from analysis.enums import UploadState
from analysis.models import Recording, Upload
from echodepth.tenancy import tenant
from tests.browser.test_shell import overflow, violations
from tests.factories import RunFactory, UploadFactory
from tests.support.tenants import every, save
from tests.support.uploading import PART, Line, at_the_list, came_in, count, digest, digests, row, send, state

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (390, 1280)


@pytest.fixture
def cut_short(uploading, big):
    """After some parts the storage refused the next: the row has ended, and the server keeps what came in."""
    page = uploading
    line = Line(page, most=3)
    send(page, big)
    came_in(page, "big.mp4", 3 * PART / big.stat().st_size)
    page.route("**/parts/**", lambda route: route.fulfill(status=403))
    for route in line.waiting:
        route.fulfill(status=403)
    line.waiting.clear()
    expect(state(page, "big.mp4")).to_have_text("Not taken")
    page.unroute("**/parts/**")
    return page


def test_what_came_in_of_a_file_that_was_cut_short_is_not_removed_by_a_slip(cut_short):
    page = cut_short
    remove = row(page, "big.mp4").get_by_role("button", name="Remove big.mp4")
    remove.click()
    page.get_by_role("button", name="Keep it").click()
    assert [upload.state for upload in every(Upload)] == [UploadState.OPEN]
    remove.click()
    with page.expect_response("**/abort/"):
        page.get_by_role("button", name="Cancel the upload").click()
    expect(row(page, "big.mp4")).to_have_count(0)
    assert every(Upload) == []


def test_a_row_that_ended_gives_way_to_the_one_that_goes_on_with_its_file(cut_short, big):
    page = cut_short
    line = Line(page, most=2)
    send(page, big)
    came_in(page, "big.mp4", 5 * PART / big.stat().st_size)
    expect(page.locator(".uploads__item")).to_have_count(1)
    expect(row(page, "big.mp4").get_by_role("button", name="Pause")).to_be_visible()
    line.let_go()
    at_the_list(page)
    assert line.through == count(big) - 3
    assert digests() == [digest(big)]


def test_several_files_go_one_after_the_other_past_one_that_is_paused(uploading, big, clip):
    page = uploading
    line = Line(page, most=5)
    send(page, big, clip)
    came_in(page, "big.mp4", 5 * PART / big.stat().st_size)
    expect(state(page, "talk.mp4")).to_have_text("Waits for its turn.")
    row(page, "big.mp4").get_by_role("button", name="Pause").click()
    line.open()
    expect(state(page, "talk")).to_have_text("Uploaded")
    row(page, "big.mp4").get_by_role("button", name="Go on").click()
    at_the_list(page)
    assert digests() == sorted([digest(big), digest(clip)])


def test_a_refused_file_says_why_and_the_others_are_kept(uploading, letter, clip):
    page = uploading
    send(page, letter, clip)
    alert = row(page, "letter.mp4").get_by_role("alert")
    expect(alert).to_contain_text("This is not a video file we can open.")
    expect(page.get_by_role("link", name="talk")).to_be_visible()
    assert page.url.endswith("/upload/")
    assert digests() == [digest(clip)]
    row(page, "letter.mp4").get_by_role("button", name="Remove letter.mp4").click()
    expect(row(page, "letter.mp4")).to_have_count(0)


def test_what_is_there_already_is_led_to(uploading, clip, tmp_path):
    page = uploading
    send(page, clip)
    at_the_list(page)
    same = tmp_path / "again.mp4"
    same.write_bytes(clip.read_bytes())
    page.goto("/o/harbour/upload/")
    send(page, same)
    link = row(page, "again.mp4").get_by_role("alert").get_by_role("link", name="talk")
    (recording,) = every(Recording)
    expect(link).to_have_attribute("href", f"/o/harbour/recordings/{recording.pk}/")


def test_an_answer_that_is_lost_during_the_check_is_asked_for(uploading, clip):
    page = uploading

    def lose(route):
        route.fetch()
        route.abort("connectionreset")

    page.route("**/finish/", lose)
    send(page, clip)
    at_the_list(page)
    assert digests() == [digest(clip)]


def test_a_server_that_checks_others_is_asked_until_it_has_time(uploading, clip):
    page = uploading
    page.clock.install()
    asked = []

    def put_off(route):
        asked.append(route.request.url)
        if len(asked) <= 8:
            route.fulfill(status=503, json={"code": "checks_busy", "sentence": "In a moment."})
        else:
            route.continue_()

    page.route("**/finish/", put_off)
    send(page, clip)
    expect(state(page, "talk.mp4")).to_contain_text("It is tried again by itself.")
    for _ in range(100):
        if len(asked) > 8:
            break
        page.clock.run_for(30_000)
        page.wait_for_timeout(50)
    at_the_list(page)
    assert digests() == [digest(clip)]


@pytest.fixture(params=["kept", "lost"])
def broken_check(request, monkeypatch):
    """The first check breaks off when the parts are one object already, which the storage keeps or loses."""
    whole = finishing.objects.local_file

    def break_off(key, *_rest):
        monkeypatch.setattr(finishing.objects, "local_file", whole)
        if request.param == "lost":
            default_storage.delete(key)
        raise ConnectionResetError

    monkeypatch.setattr(finishing.objects, "local_file", break_off)
    return request.param


def test_after_a_check_that_broke_off_only_what_is_lost_is_sent_again(uploading, big, broken_check):
    line = Line(uploading, most=10_000)
    send(uploading, big)
    at_the_list(uploading)
    assert line.through == count(big) * (2 if broken_check == "lost" else 1)
    assert digests() == [digest(big)]


def test_what_was_put_together_elsewhere_meanwhile_is_finished(uploading, big):
    """Another tab's check made one object of the parts, and broke off, after this one had asked."""
    page = uploading
    line = Line(page, most=10_000)

    def overtake(route):
        page.unroute("**/links/", overtake)
        (upload,) = every(Upload)
        with tenant(upload.organisation_id):
            key = default_storage.save(f"{upload.organisation_id}/elsewhere", ContentFile(big.read_bytes()))
        save(upload, storage_key=key)
        connection.close()  # the browser calls in a context that has one of its own
        route.continue_()

    page.route("**/links/", overtake)
    send(page, big)
    at_the_list(page)
    assert line.through == 0
    assert digests() == [digest(big)]


def test_a_check_that_broke_off_for_good_needs_no_file_to_be_chosen_again(uploading, analyst, clip):
    page = uploading
    upload = UploadFactory(
        project__organisation=analyst.organisation,
        created_by=analyst.user,
        original_name="talk.mp4",
        size=clip.stat().st_size,
        state=UploadState.CHECKING,
        checking_until=timezone.now() + timedelta(minutes=5),
    )
    key = default_storage.save(f"{upload.organisation_id}/whole", ContentFile(clip.read_bytes()))
    save(upload, storage_key=key)
    page.reload()
    expect(state(page, "talk.mp4")).to_contain_text("The file is being checked.")
    save(upload, checking_until=timezone.now())
    at_the_list(page)
    assert digests() == [digest(clip)]


def test_a_check_under_way_is_followed_after_a_reload(uploading, analyst):
    page = uploading
    upload = UploadFactory(
        project__organisation=analyst.organisation,
        created_by=analyst.user,
        original_name="talk.mp4",
        state=UploadState.CHECKING,
        checking_until=timezone.now() + timedelta(minutes=5),
    )
    page.reload()
    expect(state(page, "talk.mp4")).to_contain_text("The file is being checked.")
    run = RunFactory(recording__project=upload.project, recording__title="A talk", media_facts={"seconds": 3})
    save(upload, state=UploadState.DONE, recording=run.recording)
    at_the_list(page)
    expect(page.get_by_role("link", name="A talk")).to_be_visible()


def test_who_fills_in_the_form_for_the_next_file_is_not_led_away(uploading, clip):
    page = uploading
    line = Line(page)
    send(page, clip)
    expect(state(page, "talk.mp4")).to_contain_text("0 %")
    page.get_by_label("Subject").fill("P-015")
    line.let_go()
    expect(page.get_by_role("link", name="talk")).to_be_visible()
    expect(state(page, "talk")).to_have_text("Uploaded")
    page.wait_for_timeout(200)
    expect(page.get_by_label("Subject")).to_have_value("P-015")


def test_by_keyboard_alone(uploading, clip):
    page = uploading
    Line(page)
    page.get_by_label("Video files").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(clip)
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    expect(state(page, "talk.mp4")).to_contain_text("0 %")
    for _ in range(10):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.hasAttribute('data-go')"):
            break
    page.keyboard.press("Enter")
    expect(state(page, "talk.mp4")).to_contain_text("Paused at")
    expect(row(page, "talk.mp4").get_by_role("button", name="Go on talk.mp4")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Video files")).to_be_focused()


def test_progress_is_spoken_sparingly(uploading, big):
    page = uploading
    page.evaluate("""() => {
        const place = document.querySelector("[data-upload-status]");
        const said = [];
        new MutationObserver(() => {
            said.push(place.textContent);
            sessionStorage.setItem("said", JSON.stringify(said));
        }).observe(place, { childList: true });
    }""")
    send(page, big)
    at_the_list(page)
    said = page.evaluate("JSON.parse(sessionStorage.getItem('said'))")
    assert said[-1] == "big.mp4: Uploaded"
    assert 2 <= len(said) <= 6
    assert len(set(said)) == len(said)


def test_every_state_is_accessible_and_fits(uploading, big, letter):
    page = uploading
    Line(page, most=5)
    send(page, letter, big)
    expect(row(page, "letter.mp4").get_by_role("alert")).to_be_visible()
    wrong = []
    for words, action in (
        ("% of", lambda: None),
        ("Paused at", lambda: row(page, "big.mp4").get_by_role("button", name="Pause").click()),
        ("Choose the same file", page.reload),
    ):
        action()
        expect(state(page, "big.mp4")).to_contain_text(words)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            wrong += [f"{words}, {scheme}: {text}" for text in violations(page, ".uploads")]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wrong += [f"{words}, {width}: {overflow(page)} px too wide"] * (overflow(page) > 0)
    assert wrong == []
