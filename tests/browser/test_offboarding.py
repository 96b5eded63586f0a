"""Leaving with an organisation, in a browser: everything taken along, erased, and the certificate kept."""

import json

import pytest
from django.core.files.storage import default_storage
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from playwright.sync_api import expect

from accounts.enums import OrganisationState, Role
from accounts.models import Subject
from echodepth.tenancy import tenant
from tests.browser.test_shell import look
from tests.factories import PASSWORD, MembershipFactory, SubjectFactory
from tests.support.tenants import fresh

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/o/harbour/offboarding/"


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    options = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": options},
    }


def work():
    while waiting := OrmQ.objects.order_by("pk").first():
        task = waiting.task
        waiting.delete()
        import_string(task["func"])(*task["args"])


def test_an_owner_leaves_with_everything(signed_in, organisation):
    owner = MembershipFactory(organisation=organisation, role=Role.OWNER)
    SubjectFactory(project__organisation=organisation, label="P-014")
    page = signed_in(owner.user)
    page.goto("/o/harbour/settings/")
    page.get_by_role("link", name="Leaving").click()
    assert look(page, URL) == []
    page.get_by_role("button", name="Put everything together").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main")).to_contain_text("Being put together")

    work()
    expect(page.get_by_role("link", name="Download part 1")).to_be_visible()  # the page follows by itself
    assert look(page, URL) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download part 1").click()
    assert download.value.suggested_filename == "echodepth-0001.zip"

    page.get_by_role("link", name="Erase everything").click()
    assert look(page, f"{URL}leave/") == []
    page.get_by_label("I have downloaded all files").check()
    page.get_by_label("Name").fill("Harbour Institute")
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("heading", name="Everything is being erased")).to_be_visible()
    link = page.url

    work()
    expect(page.get_by_role("heading", name="Everything is erased")).to_be_visible()
    assert look(page, link) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the certificate").click()
    assert json.loads(download.value.path().read_text())["body"]["organisation"] == str(organisation.pk)
    assert fresh(organisation).state == OrganisationState.CLOSED
    with tenant(organisation.pk):
        assert not Subject.objects.exists()
    assert not default_storage.exists(f"{organisation.pk}/offboarding")
    page.goto(URL)
    expect(page.get_by_label("Password")).to_be_visible()  # there is no account any more
