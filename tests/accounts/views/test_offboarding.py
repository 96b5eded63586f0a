import json
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.erasure import erasures
from accounts.domain.offboarding import exports
from accounts.enums import OffboardingState, OrganisationState, Role
from accounts.models import AuditRecord, Erasure, Offboarding
from echodepth.tenancy import tenant
from tests.factories import LegalHoldFactory, MembershipFactory, OffboardingFactory, OffboardingPartFactory
from tests.support.sign_in import reauthenticate, signed_in
from tests.support.tenants import fresh


def text(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


@pytest.fixture
def leaver(organisation):
    user = MembershipFactory(organisation=organisation, role=Role.OWNER).user
    client = signed_in(user)
    reauthenticate(client)
    client.user = user
    return client


def page_of(organisation, what=""):
    return f"/o/{organisation.slug}/offboarding/{what}"


def ready(organisation, *, taken=True):
    row = OffboardingFactory(
        organisation=organisation, state=OffboardingState.READY, ready_at=timezone.now() - timedelta(hours=3)
    )
    if taken:
        with tenant(organisation.pk):
            record(AuditAction.OFFBOARDING_TAKEN, organisation, part=1)
    key = f"{organisation.pk}/offboarding/{row.pk}/part-0001.zip"
    default_storage.save(key, ContentFile(b"PK of everything"))
    return OffboardingPartFactory(offboarding=row, number=1, storage_key=key, size=16)


def test_an_owner_puts_everything_together_and_downloads_it(leaver, organisation):
    assert "Put everything together" in text(leaver.get(page_of(organisation)))

    leaver.post(page_of(organisation, "export/"))

    assert "Being put together" in text(leaver.get(page_of(organisation)))
    with tenant(organisation.pk):
        row = Offboarding.objects.get()
        assert row.asked_by == leaver.user
        for _turn in range(4):
            exports.work(row.pk)
    page = text(leaver.get(page_of(organisation)))
    assert "Part 1" in page
    (address,) = re.findall(r'href="([^"]+parts/[^"]+)"', page)
    file = leaver.get(address, follow=True)
    assert b"".join(file.streaming_content).startswith(b"PK")
    assert file["Content-Disposition"] == 'attachment; filename="echodepth-0001.zip"'
    with tenant(organisation.pk):
        assert AuditRecord.objects.filter(action=AuditAction.OFFBOARDING_TAKEN, facts={"part": 1}).exists()


def test_who_has_not_downloaded_every_file_is_led_back_and_told_which(leaver, organisation):
    ready(organisation, taken=False)

    fields = {"name": organisation.name, "downloaded": "on"}
    page = text(leaver.post(page_of(organisation, "leave/"), fields, follow=True))

    assert "Not downloaded yet: 1." in page
    assert fresh(organisation).state == OrganisationState.ACTIVE


def test_the_last_page_tells_how_old_the_files_are(leaver, organisation):
    ready(organisation)
    assert ", 3 hours ago" in text(leaver.get(page_of(organisation, "leave/")))


def test_leaving_wants_the_files_downloaded_and_the_name_typed(leaver, organisation):
    ready(organisation)

    page = text(leaver.post(page_of(organisation, "leave/"), {"name": "Another"}))

    assert "Download the files first" in page
    assert "exactly as it is shown" in page
    assert fresh(organisation).state == OrganisationState.ACTIVE


def test_leaving_ends_with_a_link_that_needs_no_account(leaver, organisation, client):
    ready(organisation)

    answer = leaver.post(page_of(organisation, "leave/"), {"name": organisation.name, "downloaded": "on"})

    assert answer["Location"].startswith("/left/")
    before = client.get(answer["Location"])
    assert "Everything is being erased" in text(before)
    assert (before["Referrer-Policy"], before["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert client.get(answer["Location"] + "certificate/").status_code == 404
    assert mail.outbox[0].to == [leaver.user.email]
    assert answer["Location"] in mail.outbox[0].body
    with tenant(organisation.pk):
        erasures.work(Erasure.objects.get().pk)
    after = client.get(answer["Location"])
    assert "Everything is erased" in text(after)
    assert organisation.name not in text(after)
    told = json.loads(client.get(answer["Location"] + "certificate/").content)
    assert told["body"]["organisation"] == str(organisation.pk)
    assert leaver.get(page_of(organisation)).status_code in {302, 404}  # nobody is signed in any more


def test_a_mail_that_is_not_sent_is_told(leaver, organisation, monkeypatch):
    ready(organisation)
    monkeypatch.setattr(
        "accounts.views.offboarding.leaving.send_receipt", lambda *_: (_ for _ in ()).throw(OSError)
    )

    fields = {"name": organisation.name, "downloaded": "on"}
    page = text(leaver.post(page_of(organisation, "leave/"), fields, follow=True))

    assert "Keep the link yourself" in page
    assert "Everything is being erased" in page


def test_a_hold_leads_back_and_is_told(leaver, organisation):
    ready(organisation)
    LegalHoldFactory(organisation=organisation)

    fields = {"name": organisation.name, "downloaded": "on"}
    page = text(leaver.post(page_of(organisation, "leave/"), fields, follow=True))

    assert "1 legal hold stands in the way" in page
    assert fresh(organisation).state == OrganisationState.ACTIVE


def test_another_organisations_file_is_not_there(leaver, organisation):
    other = OffboardingPartFactory()
    assert leaver.get(page_of(organisation, f"parts/{other.pk}/")).status_code == 404


def test_a_link_that_we_never_signed_leads_nowhere(client, db):
    assert client.get("/left/W10:xyz/").status_code == 404
