"""The pages of requests by right: what is due, entering, answering, copying, correcting."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.domain.rights import copies, readable
from accounts.enums import Role
from accounts.models import Erasure, RightsRequest
from echodepth.tenancy import tenant
from tests.factories import (
    LegalHoldFactory,
    MembershipFactory,
    ProjectFactory,
    RightsRequestFactory,
    SubjectFactory,
)
from tests.support.sign_in import reauthenticate, signed_in
from tests.support.tenants import every, fresh, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(organisation):
    return signed_in(MembershipFactory(organisation=organisation, role=Role.ADMIN).user)


@pytest.fixture
def subject(organisation):
    return SubjectFactory(project=ProjectFactory(organisation=organisation, name="Spring"), label="Quirina")


def address(name, asked=None):
    return reverse(name, args=["harbour", *([asked.pk] if asked else [])])


def asked_by(subject, kind="access", days=30, **more):
    due = timezone.localdate() + timedelta(days=days)
    return RightsRequestFactory(subject=subject, kind=kind, due_on=due, **more)


def test_the_next_due_stands_on_top_and_the_closed_below(admin_client, subject):
    asked_by(subject, "access", days=20)
    asked_by(subject, "objection", days=-1)
    asked_by(subject, "correction", days=-9, state="done")
    asked_by(subject, "erasure", days=3)
    asked_by(SubjectFactory(label="Somebody elsewhere"))
    page = admin_client.get(address("rights")).content.decode()
    order = [page.index(word) for word in ("Objection<", "Erasure<", "A copy of everything<", "Correction<")]
    assert order == sorted(order)
    assert (page.count("Overdue"), page.count("Due soon")) == (1, 1)
    assert "Somebody elsewhere" not in page


def test_a_request_is_entered_for_the_person_of_that_label(admin_client, subject):
    day = timezone.localdate() - timedelta(days=3)
    fields = {
        "project": subject.project_id,
        "label": "quirina",
        "kind": "correction",
        "words": "It is Quirin",
    }
    answer = admin_client.post(address("rights-new"), fields | {"received_on": day.isoformat()})
    [made] = every(RightsRequest)
    assert answer.headers["Location"] == address("rights-request", made)
    assert (made.subject_id, made.by_subject, made.words) == (subject.pk, False, "It is Quirin")
    assert made.received_at.astimezone(ZoneInfo("Europe/Berlin")).date() == day
    assert made.entered_by is not None


def test_nobody_of_that_label_and_a_day_to_come_are_refused(admin_client, subject):
    day = timezone.localdate() + timedelta(days=2)
    fields = {"project": subject.project_id, "label": "Nobody", "kind": "access"}
    page = admin_client.post(
        address("rights-new"), fields | {"received_on": day.isoformat()}
    ).content.decode()
    assert "This project has no subject with this label." in page
    assert "This day is still to come." in page
    assert every(RightsRequest) == []


def test_another_organisations_project_is_no_choice(admin_client, subject):
    there = SubjectFactory(label="Quirina")
    fields = {"project": there.project_id, "label": "Quirina", "kind": "access"}
    page = admin_client.post(
        address("rights-new"), fields | {"received_on": timezone.localdate().isoformat()}
    ).content.decode()
    assert "Select a valid choice" in page
    assert every(RightsRequest) == []


def test_a_refusal_of_the_answer_is_told_on_the_page(admin_client, subject):
    asked = asked_by(subject, words="All of it, please")
    page = admin_client.post(address("rights-request", asked), {"outcome": "done"}).content.decode()
    assert "Make the copy first" in page
    assert "All of it, please" in page
    assert fresh(asked).state == "open"


def test_declined_with_the_words(admin_client, subject):
    asked = asked_by(subject, "erasure")
    fields = {"outcome": "declined", "words": "A law keeps us from it."}
    page = admin_client.post(address("rights-request", asked), fields, follow=True).content.decode()
    assert "A law keeps us from it." in page
    assert fresh(asked).state == "declined"


def test_erasure_offers_no_done(admin_client, subject):
    asked = asked_by(subject, "erasure")
    assert 'value="done"' not in admin_client.get(address("rights-request", asked)).content.decode()


def test_a_copy_is_asked_for_made_and_downloaded(admin_client, subject, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(readable, "pdf", lambda *_facts: b"%PDF")
    place = {"location": str(tmp_path), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": place}}
    asked = asked_by(subject)
    page = admin_client.post(
        address("rights-copy", asked), {"with_media": "on"}, follow=True
    ).content.decode()
    assert "Being made" in page
    assert fresh(asked).copy_with_media
    with tenant(subject.organisation_id):
        assert copies.make(asked.pk)
    assert fresh(asked).export_sha256 in admin_client.get(address("rights-request", asked)).content.decode()
    answer = admin_client.get(address("rights-download", asked), follow=True)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{copies.NAME}"'
    assert b"".join(answer.streaming_content).startswith(b"PK")


def test_labels_are_corrected_on_the_page(admin_client, subject):
    asked = asked_by(subject, "correction")
    page = admin_client.get(address("rights-request", asked)).content.decode()
    assert f'name="subject.{subject.pk}"' in page
    admin_client.post(address("rights-correct", asked), {f"subject.{subject.pk}": "Quirin"})
    assert fresh(subject).label == "Quirin"


def test_erasing_wants_a_proof_of_who_asks(admin_client, subject):
    asked = asked_by(subject, "erasure")
    answer = admin_client.post(address("rights-erase", asked))
    assert "reauthenticate" in answer.headers["Location"]
    assert every(Erasure) == []
    reauthenticate(admin_client)
    admin_client.post(address("rights-erase", asked))
    [erasure] = every(Erasure)
    assert (erasure.kind, erasure.object_id, erasure.rights_request) == ("subject", subject.pk, asked.pk)


def test_an_erasure_that_a_hold_blocks_says_so(admin_client, subject):
    LegalHoldFactory(organisation=subject.organisation, kind="subject", object_id=subject.pk)
    asked = asked_by(subject, "erasure")
    reauthenticate(admin_client)
    page = admin_client.post(address("rights-erase", asked), follow=True).content.decode()
    assert "Blocked by a legal hold" in page


def test_of_a_person_who_is_gone_the_request_shows_no_more_than_that(admin_client, subject):
    asked = save(asked_by(subject, "erasure", state="done", closed_at=timezone.now()), subject=None)
    page = admin_client.get(address("rights-request", asked)).content.decode()
    assert "The person was erased." in page
    assert "Erase this person" not in page
