import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts import limits
from accounts.announcements import consent_withdrawn, standing_changed
from accounts.audit_actions import AuditAction
from accounts.domain.consent import consents, evidence, papers, standing
from accounts.domain.consent.consents import Told
from accounts.enums import ConsentState, ConsentWay, DataClass, ErasureReason, TextKind
from accounts.models import AuditRecord, Consent, Erasure, PrivacyText, Retention
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import PrivacyTextFactory, SubjectFactory
from tests.support.consents import PDF, PURPOSE, asked, given, published, subject_of, terms
from tests.support.tenants import every, fresh, save

NAME = "Ada Example"


def refused(organisation, attempt, *arguments, **keywords):
    with tenant(organisation.pk), pytest.raises(UserError) as caught:
        attempt(*arguments, **keywords)
    return caught.value.code


def give(consent, signer=NAME, purposes=(PURPOSE,), *, culture=False, calibration=False):
    with tenant(consent.organisation_id):
        consents.give(consent, signer, purposes, culture=culture, calibration=calibration)


def withdraw(consent, *, by_subject=True):
    with tenant(consent.organisation_id):
        consents.withdraw(consent, by_subject=by_subject)


def recorded(organisation, *actions):
    with tenant(organisation.pk):
        lines = AuditRecord.objects.filter(action__in=map(str, actions)).order_by("number")
        return [(line.action, line.target, line.facts) for line in lines]


@pytest.fixture
def told(organisation):
    """What is announced, in order."""
    heard = []

    def changed(sender, project_id, subject_id, **_more):
        heard.append(("changed", subject_id))

    def ended(sender, subject, **_more):
        heard.append(("withdrawn", subject.pk))

    standing_changed.connect(changed)
    consent_withdrawn.connect(ended)
    yield heard
    standing_changed.disconnect(changed)
    consent_withdrawn.disconnect(ended)


def test_asking_keeps_the_secret_nowhere(subject, told):
    consent, secret = asked(subject, terms(culture=True), email=" Ada@Example.org ")

    stored = fresh(consent)
    assert stored.token_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(vars(stored))
    assert len(secret) >= 43
    assert (stored.state, stored.way, stored.email) == ("asked", "link", "ada@example.org")
    assert (stored.purposes, stored.culture, stored.calibration) == ([PURPOSE], True, False)
    assert timedelta(days=29.9) < stored.link_expires_at - timezone.now() <= timedelta(days=30)
    assert (stored.given_at, stored.signer, stored.evidence_sha256) == (None, "", "")
    assert recorded(subject.organisation, AuditAction.CONSENT_ASKED) == [
        ("consent.asked", str(consent.pk), {"mailed": True})
    ]
    assert told == [("changed", subject.pk)]


@pytest.mark.parametrize(
    ("agreed_to", "code"),
    [
        (terms("recruitment"), "purpose_missing"),
        (terms("rendered_people"), "purpose_missing"),
        (terms("nonsense"), "purpose_missing"),
        (terms(PURPOSE, days=-2), "term_invalid"),
        (terms(PURPOSE, days=3 * 365 + 2), "term_invalid"),
    ],
)
def test_what_cannot_be_agreed_to_is_not_asked(subject, agreed_to, code):
    organisation = subject.organisation
    text = published(organisation)
    published(organisation, TextKind.NOTICE)

    assert refused(organisation, consents.ask, subject, text, agreed_to) == code
    assert every(Consent) == []


def test_nothing_is_asked_with_a_draft_or_without_a_notice(subject):
    organisation = subject.organisation
    draft = PrivacyTextFactory(organisation=organisation, published_at=None)

    assert refused(organisation, consents.ask, subject, draft, terms()) == "text_not_published"
    text = published(organisation)
    assert refused(organisation, consents.ask, subject, text, terms()) == "notice_text_missing"
    assert every(Consent) == []


def test_signing_keeps_what_was_agreed_under_a_digest(subject, told):
    consent = asked(subject, terms(PURPOSE, "research", culture=True, calibration=True)).consent

    give(consent, "  Ada   Example ", ["research", "recruitment"], culture=True)

    stored = fresh(consent)
    assert (stored.state, stored.signer, stored.purposes) == ("given", NAME, ["research"])
    assert (stored.culture, stored.calibration) == (True, False)
    assert timezone.now() - stored.given_at < timedelta(minutes=1)
    with tenant(subject.organisation_id):
        assert evidence.is_whole(Consent.objects.select_related("text").get())
    ((action, target, facts),) = recorded(subject.organisation, AuditAction.CONSENT_GIVEN)
    assert (action, target, facts["way"], facts["purposes"]) == ("consent.given", str(consent.pk), "link", 1)
    assert evidence.is_sealed(stored, facts["seal"])
    assert stored.evidence_sha256 not in str(facts)
    stored.evidence_sha256 = evidence.digest("something else")
    assert not evidence.is_sealed(stored, facts["seal"])
    assert told == [("changed", subject.pk)] * 2  # asked, and signed
    (kept,) = [row for row in every(Retention) if row.data_class == DataClass.CONSENTS]
    assert (kept.object_id, kept.starts_at.date()) == (consent.pk, stored.until)


def test_what_was_not_asked_is_not_given(subject):
    consent = asked(subject).consent

    give(consent, culture=True, calibration=True)

    assert (fresh(consent).culture, fresh(consent).calibration) == (False, False)


@pytest.mark.parametrize(
    ("signer", "purposes", "code"),
    [
        (" \n", [PURPOSE], "name_missing"),
        (NAME, [], "purpose_missing"),
        (NAME, ["research"], "purpose_missing"),
    ],
)
def test_signing_wants_a_name_and_a_purpose_that_was_asked(subject, signer, purposes, code):
    consent = asked(subject).consent

    code_given = refused(
        subject.organisation, consents.give, consent, signer, purposes, culture=False, calibration=False
    )

    assert code_given == code
    assert fresh(consent).state == ConsentState.ASKED


@pytest.mark.parametrize(
    "ended",
    [
        {"link_expires_at": timezone.now() - timedelta(seconds=1)},
        {"until": timezone.localdate() - timedelta(days=2)},
        {"state": ConsentState.GIVEN},
        {"state": ConsentState.WITHDRAWN},
    ],
)
def test_what_is_over_cannot_be_signed(subject, ended):
    consent = save(asked(subject).consent, **ended)

    with pytest.raises(UserError, match="consent_over"):
        give(consent)
    assert fresh(consent).signer == ""


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_does(organisation):
    consent = asked(subject_of(organisation)).consent
    ready = Barrier(2)

    def sign(name):
        try:
            ready.wait()
            give(consent, name)
        except UserError as error:
            return error.code
        else:
            return name
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(sign, ["Ada", "Bea"]), key=len)

    assert answers[-1] == "consent_over"
    assert fresh(consent).signer == answers[0] != "consent_over"


def told_elsewhere(owner, paper=None, on=None, signer=NAME):
    return Told(signer, on or timezone.localdate(), owner.user, paper)


def test_a_consent_is_attested(subject, owner, told):
    text = published(subject.organisation)
    with tenant(subject.organisation_id):
        made = consents.put_down(subject, text, terms(culture=True), told_elsewhere(owner))
        assert evidence.is_whole(made)

    stored = fresh(made)
    assert (stored.state, stored.way, stored.attested_by) == ("given", ConsentWay.ATTESTED, owner.user)
    assert (stored.signer, stored.culture, stored.form_key, stored.token_hash) == (NAME, True, "", "")
    assert told == [("changed", subject.pk)]


def test_a_signed_form_is_kept_with_its_digest(subject, owner):
    text = published(subject.organisation)
    paper = papers.look(SimpleUploadedFile("form of Ada.pdf", PDF))
    with tenant(subject.organisation_id):
        made = consents.put_down(subject, text, terms(), told_elsewhere(owner, paper))

    stored = fresh(made)
    assert stored.way == ConsentWay.FORM
    assert stored.form_key == f"{subject.organisation_id}/consents/{stored.pk}/form.pdf"
    assert stored.form_sha256 == hashlib.sha256(PDF).hexdigest()
    with default_storage.open(stored.form_key) as kept:
        assert kept.read() == PDF


def test_a_form_goes_again_where_the_consent_does_not_come_about(subject, owner, monkeypatch):
    text = published(subject.organisation)
    kept = []
    keep = papers.keep
    monkeypatch.setattr(papers, "keep", lambda *told: kept.append(keep(*told)) or kept[0])
    monkeypatch.setattr(evidence, "sha256", lambda _consent: 1 / 0)
    paper = papers.look(SimpleUploadedFile("form.pdf", PDF))

    with tenant(subject.organisation_id), pytest.raises(ZeroDivisionError):
        consents.put_down(subject, text, terms(), told_elsewhere(owner, paper))

    assert len(kept) == 1
    assert not default_storage.exists(kept[0])
    assert every(Consent) == []


def test_what_is_put_down_lies_not_ahead_and_has_a_name(subject, owner):
    text = published(subject.organisation)
    ahead = told_elsewhere(owner, on=timezone.localdate() + timedelta(days=2))
    organisation = subject.organisation

    assert refused(organisation, consents.put_down, subject, text, terms(), ahead) == "date_invalid"
    nameless = told_elsewhere(owner, signer=" ")
    assert refused(organisation, consents.put_down, subject, text, terms(), nameless) == "name_missing"
    assert every(Consent) == []


@pytest.mark.parametrize("no", ["withdrew", "declined"])
def test_what_is_put_down_with_a_day_before_the_last_no_does_not_take_it_back(subject, owner, no):
    if no == "withdrew":
        withdraw(given(subject))
    else:
        with tenant(subject.organisation_id):
            consents.take_back(asked(subject).consent, by_subject=True)
    organisation = subject.organisation
    (text,) = [text for text in every(PrivacyText) if text.kind == TextKind.CONSENT]
    day = standing.today(organisation)
    for on in (day - timedelta(days=3), day):
        told = told_elsewhere(owner, on=on)
        assert refused(organisation, consents.put_down, subject, text, terms(), told) == "date_invalid"
    assert [row.state for row in every(Consent)] == [ConsentState.WITHDRAWN]

    save(every(Consent)[0], withdrawn_at=timezone.now() - timedelta(days=1))
    with tenant(organisation.pk):
        consents.put_down(subject, text, terms(), told_elsewhere(owner, on=day))
        assert len(standing.covering(subject, PURPOSE)) == 1


def test_what_a_member_stopped_asking_for_is_no_no(subject, owner):
    consent = asked(subject).consent
    with tenant(subject.organisation_id):
        consents.take_back(consent)
        made = consents.put_down(subject, consent.text, terms(), told_elsewhere(owner))

    assert fresh(made).state == ConsentState.GIVEN


@pytest.mark.django_db(transaction=True)
def test_what_is_put_down_while_the_person_withdraws_does_not_outlive_it(organisation, owner):
    subject = subject_of(organisation)
    consent = given(subject)
    ready = Barrier(2)

    def run(attempt):
        try:
            ready.wait()
            attempt()
        except UserError as error:
            return error.code
        else:
            return ""
        finally:
            connection.close()

    def put_down():
        with tenant(organisation.pk):
            consents.put_down(subject, consent.text, terms(), told_elsewhere(owner))

    with ThreadPoolExecutor(2) as pool:
        entered, ended = pool.map(run, [put_down, lambda: withdraw(consent)])

    assert entered in ("", "date_invalid")
    assert ended == ""
    assert {row.state for row in every(Consent)} == {ConsentState.WITHDRAWN}


def test_what_nobody_answers_and_what_is_asked_no_more_has_its_time_too(subject):
    consent = asked(subject).consent
    (kept,) = [row for row in every(Retention) if row.data_class == DataClass.CONSENTS]
    assert (kept.object_id, kept.starts_at) == (consent.pk, consent.link_expires_at)

    with tenant(subject.organisation_id):
        consents.take_back(consent)

    (kept,) = [row for row in every(Retention) if row.data_class == DataClass.CONSENTS]
    assert kept.starts_at == fresh(consent).withdrawn_at


def test_asking_and_asking_no_more_are_announced(subject, told):
    consent = asked(subject).consent
    assert told == [("changed", subject.pk)]

    with tenant(subject.organisation_id):
        consents.take_back(consent)

    assert told == [("changed", subject.pk)] * 2


def test_withdrawing_ends_all_and_starts_erasure(subject, told):
    first, second = given(subject), given(subject, terms("research"))
    waiting = asked(subject).consent
    other = SubjectFactory(project=subject.project, label="Customer 8")
    theirs = given(other)
    told.clear()

    withdraw(first)

    for consent in (first, second, waiting):
        assert fresh(consent).state == ConsentState.WITHDRAWN
        assert fresh(consent).withdrawn_by_subject
        assert timezone.now() - fresh(consent).withdrawn_at < timedelta(minutes=1)
    assert fresh(first).signer == NAME  # the proof stays
    assert fresh(theirs).state == ConsentState.GIVEN
    assert told == [("withdrawn", subject.pk), ("changed", subject.pk)]
    (erasure,) = every(Erasure)
    assert (erasure.reason, erasure.kind, erasure.object_id) == (
        ErasureReason.WITHDRAWAL,
        "subject",
        subject.pk,
    )
    told_of = recorded(subject.organisation, AuditAction.CONSENT_WITHDRAWN)
    assert {target for _action, target, _facts in told_of} == {str(first.pk), str(second.pk)}
    assert all(facts == {"by_subject": True} for _action, _target, facts in told_of)


def test_what_was_withdrawn_is_not_withdrawn_again(subject):
    consent = given(subject)
    withdraw(consent, by_subject=False)

    assert refused(subject.organisation, consents.withdraw, consent, by_subject=True) == "consent_over"
    assert not fresh(consent).withdrawn_by_subject
    assert len(every(Erasure)) == 1


def test_what_was_only_asked_is_declined_not_withdrawn(subject):
    consent = asked(subject).consent

    assert refused(subject.organisation, consents.withdraw, consent, by_subject=True) == "consent_over"
    with tenant(subject.organisation_id):
        consents.take_back(consent, by_subject=True)

    assert (fresh(consent).state, fresh(consent).given_at) == (ConsentState.WITHDRAWN, None)
    assert every(Erasure) == []
    with pytest.raises(UserError):
        give(consent)


def test_what_was_given_is_not_taken_back(subject):
    consent = given(subject)

    assert refused(subject.organisation, consents.take_back, consent) == "consent_over"
    assert fresh(consent).state == ConsentState.GIVEN


def test_a_new_link_makes_the_old_one_void(subject):
    consent, old = asked(subject)
    with tenant(subject.organisation_id):
        issued = consents.new_link(consent)

    assert issued.secret != old
    assert fresh(consent).token_hash == hashlib.sha256(issued.secret.encode()).hexdigest()
    save(consent, state=ConsentState.WITHDRAWN)
    assert refused(subject.organisation, consents.new_link, consent) == "consent_over"


def test_nobody_is_mailed_without_end(subject):
    for _time in range(limits.CONSENT_MAIL.amount):
        asked(subject, email="ada@example.org")

    with pytest.raises(UserError, match="too_many_requests"):
        asked(subject, email="ADA@example.org")
    asked(subject)
    assert len(every(Consent)) == limits.CONSENT_MAIL.amount + 1
