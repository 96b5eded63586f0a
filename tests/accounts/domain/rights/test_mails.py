"""Who may answer a request is told of it, without a name and without a word of what was written."""

import pytest
from django.core import mail

from accounts.domain.rights import requests
from accounts.enums import RightsKind, Role
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, SubjectFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject():
    made = SubjectFactory(label="Quirina Zellweger")
    for role in (Role.OWNER, Role.ADMIN, Role.ANALYST):
        MembershipFactory(organisation=made.organisation, role=role, user__email=f"{role}@here.example")
    MembershipFactory(role=Role.OWNER, user__email="owner@elsewhere.example")
    return made


def received(subject, **more):
    with tenant(subject.organisation_id):
        return requests.receive(subject, RightsKind.ERASURE, "I am Quirina, erase me", **more)


def test_owners_and_admins_are_told_what_and_by_when(subject, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        asked = received(subject)
    [sent] = mail.outbox
    assert sent.bcc == ["admin@here.example", "owner@here.example"]
    assert sent.to == []
    assert f"/requests/{asked.pk}/" in sent.body
    assert "Erasure" in sent.body
    assert f"{asked.due_on:%B %Y}" in sent.body
    assert "Quirina" not in f"{sent.subject} {sent.body}"


def test_what_a_member_enters_needs_no_mail(subject, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        received(subject, by_subject=False, entered_by=UserFactory())
    assert mail.outbox == []


def test_a_mail_server_that_is_away_keeps_nobody_from_asking(
    subject, django_capture_on_commit_callbacks, monkeypatch
):
    def away(_message):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", away)
    with django_capture_on_commit_callbacks(execute=True):
        asked = received(subject)
    assert asked.pk is not None
