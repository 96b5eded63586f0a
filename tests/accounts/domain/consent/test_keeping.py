import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.domain.consent import consents, evidence, keeping, papers
from accounts.domain.consent.consents import Told
from accounts.domain.erasure import erasures
from accounts.enums import ConsentState, DataClass, ErasureReason
from accounts.models import Consent, ErasedThing, Notice, Subject
from echodepth.tenancy import tenant
from tests.factories import NoticeFactory
from tests.support.consents import PDF, asked, given, published, terms
from tests.support.tenants import every, fresh, save


def with_form(subject, owner):
    paper = papers.look(SimpleUploadedFile("form.pdf", PDF))
    text = published(subject.organisation)
    with tenant(subject.organisation_id):
        told = Told("Ada Example", timezone.localdate(), owner.user, paper)
        return consents.put_down(subject, text, terms(), told)


def erase(thing, kind, reason, data_class=""):
    with tenant(thing.organisation_id):
        erasure = erasures.request(reason, kind, thing.pk, thing.organisation_id, data_class=data_class)
        for _turn in range(20):
            if erasures.work(erasure.pk):
                return [(row.kind, row.object_id, row.sha256) for row in ErasedThing.objects.all()]
    pytest.fail("it does not end")


def test_after_a_withdrawal_the_proof_stays_without_the_address(subject, owner):
    paper = with_form(subject, owner)
    consent = save(given(subject), email="ada@example.org")
    notice = NoticeFactory(subject=subject)
    with tenant(subject.organisation_id):
        consents.withdraw(consent, by_subject=True)

    erase(subject, "subject", ErasureReason.WITHDRAWAL)

    stored = fresh(consent)
    assert (stored.signer, stored.email, stored.state) == ("Ada Example", "", ConsentState.WITHDRAWN)
    assert every(Notice) == [notice]
    assert default_storage.exists(fresh(paper).form_key)
    assert fresh(subject).label.startswith("erased ")
    with tenant(subject.organisation_id):
        assert evidence.is_whole(Consent.objects.select_related("text").get(pk=consent.pk))


def test_who_asks_to_be_erased_goes_from_the_proof_too(subject, owner):
    paper = with_form(subject, owner)
    key = paper.form_key
    waiting = asked(subject, email="ada@example.org").consent

    things = erase(subject, "subject", ErasureReason.REQUEST)

    assert not default_storage.exists(key)
    for consent in map(fresh, (paper, waiting)):
        assert (consent.signer, consent.email, consent.form_key) == ("", "", "")
        assert consent.evidence_sha256 == ""
        assert consent.state == ConsentState.WITHDRAWN
        assert consent.withdrawn_by_subject
    assert fresh(paper).given_at is not None
    assert evidence.is_nameless(fresh(paper))
    assert ("consent form", str(paper.pk), paper.form_sha256) in things
    assert ("name on a consent", str(waiting.pk), "") in things


def test_a_record_whose_time_is_over_goes_with_its_form_and_the_empty_person(subject, owner):
    paper = with_form(subject, owner)
    key = paper.form_key
    erase(subject, "subject", ErasureReason.WITHDRAWAL)

    things = erase(fresh(paper), "consent", ErasureReason.POLICY, DataClass.CONSENTS)

    assert not default_storage.exists(key)
    assert every(Consent) == every(Subject) == []
    assert {("consent form", str(paper.pk), paper.form_sha256), ("consent", str(paper.pk), "")} <= set(things)


def test_with_the_project_every_record_goes(subject, owner, elsewhere):
    paper = with_form(subject, owner)
    key = paper.form_key
    theirs = given(elsewhere)

    erase(subject.project, "project", ErasureReason.MEMBER)

    assert not default_storage.exists(key)
    assert every(Consent) == [theirs]


def test_the_person_s_copy_holds_their_form(subject, owner, elsewhere):
    paper = with_form(subject, owner)
    with_form(elsewhere, owner)
    given(subject)

    with tenant(subject.organisation_id):
        (copied,) = keeping.form_files(subject, media=False)
    into = io.BytesIO()
    copied.write(into)

    assert copied.name == f"consents/{paper.pk}.pdf"
    assert into.getvalue() == PDF
