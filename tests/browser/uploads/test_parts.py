"""Uploading in parts, in a browser: onto a real disk, over a line that stalls, breaks and comes back."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from analysis.models import Upload
from echodepth.tenancy import tenant
from tests.factories import PASSWORD, UploadFactory
from tests.support.tenants import every
from tests.support.uploading import PART, Line, at_the_list, came_in, count, digest, digests, row, send, state

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_in_several_parts_arrives_whole(uploading, big):
    line = Line(uploading, most=10_000)
    page = uploading
    page.get_by_label("Subject").fill("P-014")
    page.get_by_label("Title").fill("First talk")
    send(page, big)
    at_the_list(page)
    expect(page.get_by_role("row", name="First talk")).to_contain_text("P-014")
    assert line.through == count(big) >= 10
    assert digests() == [digest(big)]


def test_our_own_server_gets_one_part_at_a_time(uploading, big):
    line = Line(uploading)
    send(uploading, big)
    expect(state(uploading, "big.mp4")).to_contain_text("0 %")
    uploading.wait_for_timeout(300)
    assert len(line.waiting) == 1


def test_what_was_cancelled_elsewhere_says_so(uploading, big):
    page = uploading
    Line(page, most=4)
    send(page, big)
    came_in(page, "big.mp4", 4 * PART / big.stat().st_size)
    row(page, "big.mp4").get_by_role("button", name="Pause").click()
    (upload,) = every(Upload)
    with tenant(upload.organisation_id):
        upload.delete()
    row(page, "big.mp4").get_by_role("button", name="Go on").click()
    expect(row(page, "big.mp4").get_by_role("alert")).to_contain_text("This upload is no longer there")


def test_without_script_what_was_begun_can_be_given_up(uploading, analyst, browser, live_server):
    UploadFactory(
        project__organisation=analyst.organisation, created_by=analyst.user, original_name="talk.mp4"
    )
    state = uploading.context.storage_state()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto("/o/harbour/upload/")
    page.get_by_role("button", name="Cancel talk.mp4").click()
    expect(page.get_by_text("The upload of “talk.mp4” was given up.")).to_be_visible()
    assert every(Upload) == []
    context.close()


@pytest.mark.parametrize("way", ["its row", "the form"])
def test_after_a_reload_the_same_file_goes_on_with_what_is_missing(uploading, big, way):
    page = uploading
    line = Line(page, most=4)
    send(page, big)
    came_in(page, "big.mp4", 4 * PART / big.stat().st_size)
    page.reload()
    expect(state(page, "big.mp4")).to_contain_text("Choose the same file again")
    line.open()
    if way == "the form":
        send(page, big)
    else:
        with page.expect_file_chooser() as chooser:
            row(page, "big.mp4").get_by_role("button", name="Choose the file").click()
        chooser.value.set_files(big)
    at_the_list(page)
    assert line.through == count(big)
    assert digests() == [digest(big)]


def test_another_file_does_not_go_on_in_its_place(uploading, big, clip):
    page = uploading
    line = Line(page, most=4)
    send(page, big)
    came_in(page, "big.mp4", 4 * PART / big.stat().st_size)
    page.reload()
    with page.expect_file_chooser() as chooser:
        row(page, "big.mp4").get_by_role("button", name="Choose the file").click()
    chooser.value.set_files(clip)
    expect(row(page, "big.mp4").get_by_role("alert")).to_contain_text("This is another file.")
    assert line.through == 4


def test_a_lost_connection_is_told_and_goes_on_by_itself(uploading, big):
    page = uploading
    line = Line(page, most=5)
    send(page, big)
    came_in(page, "big.mp4", 5 * PART / big.stat().st_size)
    page.context.set_offline(True)
    for route in line.waiting:
        route.abort("internetdisconnected")
    expect(state(page, "big.mp4")).to_contain_text("No connection. It goes on by itself")
    expect(page.locator("[data-upload-status]")).to_contain_text("big.mp4: No connection.")
    line.open()
    page.context.set_offline(False)
    at_the_list(page)
    assert line.through == count(big)
    assert digests() == [digest(big)]


def test_a_connection_that_breaks_now_and_then_is_not_worth_a_word(uploading, big):
    page = uploading
    line = Line(page, most=3)
    line.breaks = True
    send(page, big)
    came_in(page, "big.mp4", 3 * PART / big.stat().st_size)
    line.open()
    at_the_list(page)
    assert digests() == [digest(big)]


def test_a_line_that_died_silently_is_noticed(uploading, big):
    page = uploading
    page.clock.install()
    line = Line(page, most=5)
    send(page, big)
    came_in(page, "big.mp4", 5 * PART / big.stat().st_size)
    line.open()
    for _ in range(12):
        page.clock.run_for(5000)
    at_the_list(page)
    assert digests() == [digest(big)]


def test_a_storage_that_stays_away_is_not_called_a_lost_connection(uploading, big):
    page = uploading
    page.clock.install()
    line = Line(page, most=2)
    line.breaks = True
    send(page, big)
    for _ in range(60):
        page.clock.run_for(3000)
        if "The server takes nothing just now." in state(page, "big.mp4").inner_text():
            break
        page.wait_for_timeout(50)
    expect(state(page, "big.mp4")).to_contain_text("It is tried again by itself.")
    line.open()
    page.clock.run_for(40_000)
    at_the_list(page)
    assert digests() == [digest(big)]


def test_a_pause_sends_nothing_until_it_goes_on(uploading, big):
    page = uploading
    line = Line(page, most=5)
    send(page, big)
    came_in(page, "big.mp4", 5 * PART / big.stat().st_size)
    row(page, "big.mp4").get_by_role("button", name="Pause").click()
    expect(state(page, "big.mp4")).to_contain_text("Paused at")
    line.open()
    page.wait_for_timeout(300)
    assert line.through == 5
    row(page, "big.mp4").get_by_role("button", name="Go on").click()
    at_the_list(page)
    assert line.through == count(big)
    assert digests() == [digest(big)]


def sign_in_again(page, user):
    """In another tab, as somebody does whose session was ended."""
    other = page.context.new_page()
    other.goto("/account/logout/")
    other.get_by_role("main").get_by_role("button", name="Sign out").click()
    other.goto("/account/login/")
    other.get_by_label("E-mail address").fill(user.email)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.wait_for_url(lambda url: "/account/" not in url)
    other.close()


def test_after_signing_in_again_in_another_tab_it_goes_on(uploading, big, analyst):
    page = uploading
    line = Line(page, most=5)
    send(page, big)
    came_in(page, "big.mp4", 5 * PART / big.stat().st_size)
    row(page, "big.mp4").get_by_role("button", name="Pause").click()
    line.open()
    sign_in_again(page, analyst.user)
    row(page, "big.mp4").get_by_role("button", name="Go on").click()
    at_the_list(page)
    assert line.through == count(big)
    assert digests() == [digest(big)]


def test_a_page_that_is_out_of_date_for_good_says_so_and_can_go_on_later(uploading, clip):
    page = uploading
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.route("**/uploads/token/", lambda route: route.fulfill(json={"token": "x" * 64}))
    send(page, clip)
    expect(row(page, "talk.mp4").get_by_role("alert")).to_contain_text("load the page again")
    page.unroute("**/uploads/token/")
    row(page, "talk.mp4").get_by_role("button", name="Go on").click()
    at_the_list(page)
    assert digests() == [digest(clip)]


def test_cancelling_asks_first_and_keeps_nothing(uploading, big, tmp_path):
    page = uploading
    Line(page, most=5)
    send(page, big)
    came_in(page, "big.mp4", 5 * PART / big.stat().st_size)
    cancel = row(page, "big.mp4").get_by_role("button", name="Cancel big.mp4")
    cancel.click()
    page.get_by_role("button", name="Keep it").click()
    expect(cancel).to_be_focused()
    cancel.click()
    with page.expect_response("**/abort/"):
        page.get_by_role("button", name="Cancel the upload").click()
    expect(page.get_by_role("heading", name="On their way")).to_be_hidden()
    expect(page.get_by_label("Video files")).to_be_focused()
    assert every(Upload) == []
    assert [path for path in (tmp_path / "storage").rglob("*") if path.is_file()] == []
