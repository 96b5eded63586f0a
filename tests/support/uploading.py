"""The page that uploads in parts, as browser tests handle it, and the line that it sends over."""

import hashlib

from playwright.sync_api import expect

from analysis.models import Recording
from tests.support.tenants import every

PART = 64 * 1024
"""Bytes of a part in these tests."""


class Line:
    """What the page sends in parts: the first `most` come through, the rest wait or break."""

    def __init__(self, page, most=0):
        self.page, self.most, self.breaks = page, most, False
        self.through = 0
        self.waiting = []
        page.route("**/parts/**", self._part)

    def _part(self, route):
        if self.through < self.most:
            self.through += 1
            route.continue_()
        elif self.breaks:
            route.abort("connectionreset")
        else:
            self.waiting.append(route)

    def open(self):
        """For what comes from now on; what waits was given up by the page, or never comes to an end."""
        self.most = 10_000
        self.waiting.clear()

    def let_go(self):
        self.most = 10_000
        for route in self.waiting:
            self._part(route)


def count(path):
    return -(-path.stat().st_size // PART)


def send(page, *files):
    page.get_by_label("Video files").set_input_files(list(files))
    page.get_by_role("button", name="Upload and analyse").click()


def row(page, name):
    return page.locator(".uploads__item", has=page.get_by_text(name, exact=True)).first


def state(page, name):
    return row(page, name).locator("[data-state]").first


def came_in(page, name, bytes_):
    """Waits until the row's bar shows that many bytes."""
    percent = int(100 * bytes_)
    expect(row(page, name).get_by_role("progressbar")).to_have_js_property("value", percent)


def at_the_list(page):
    page.wait_for_url("**/o/harbour/")


def digests():
    return sorted(recording.sha256 for recording in every(Recording))


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
