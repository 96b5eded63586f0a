from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.domain.consent import consents, standing
from accounts.domain.lawful import declarations
from accounts.enums import ConsentState
from accounts.models import Consent
from echodepth.tenancy import tenant
from tests.factories import DeclarationFactory, NoticeFactory, SubjectFactory
from tests.support.consents import asked, given, subject_of, terms
from tests.support.tenants import fresh, save


def missing(subject):
    """Codes, for the project's declaration of now."""
    with tenant(subject.organisation_id):
        declaration = declarations.current(subject.project)
        return [found.code for found in standing.missing(subject, declaration)]


def culture_allowed(subject):
    with tenant(subject.organisation_id):
        return standing.culture_allowed(subject, declarations.current(subject.project))


def test_nobody_was_asked_or_told(subject):
    assert missing(subject) == ["consent_missing", "notice_missing"]


def test_being_asked_is_not_agreeing(subject):
    asked(subject)

    assert missing(subject) == ["consent_missing", "notice_missing"]


def test_consent_and_notice_are_enough(subject):
    given(subject)
    NoticeFactory(subject=subject)

    assert missing(subject) == []


def test_the_consent_of_another_person_is_none(subject):
    other = SubjectFactory(project=subject.project, label="Customer 8")
    given(other)
    NoticeFactory(subject=other)

    assert missing(subject) == ["consent_missing", "notice_missing"]
    assert missing(other) == []


def test_consent_to_another_purpose_is_none(subject):
    given(subject, terms("research"))

    assert missing(subject)[0] == "consent_missing"


@pytest.mark.parametrize(("days", "code"), [(0, None), (-1, "consent_expired")])
def test_a_term_ends_with_its_last_day(subject, days, code):
    NoticeFactory(subject=subject)
    save(given(subject), until=timezone.localdate() + timedelta(days=days))

    assert missing(subject) == ([code] if code else [])


def test_the_day_is_that_of_the_organisation(subject, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 23, 23, 30, tzinfo=UTC))

    assert standing.today(subject.organisation).isoformat() == "2026-11-24"  # in Berlin
    subject.organisation.time_zone = "America/Chicago"
    assert standing.today(subject.organisation).isoformat() == "2026-11-23"


def test_who_withdrew_is_not_analysed_and_may_agree_again(subject):
    NoticeFactory(subject=subject)
    consent = given(subject)
    with tenant(subject.organisation_id):
        consents.withdraw(consent, by_subject=True)
    assert missing(subject) == ["consent_withdrawn"]

    given(subject)

    assert missing(subject) == []


def test_who_withdrew_is_not_analysed_where_no_consent_is_required(organisation):
    subject = subject_of(organisation, purpose="rendered_people")
    assert missing(subject) == []
    save(given(subject, terms("research")), state=ConsentState.WITHDRAWN)

    assert missing(subject) == ["consent_withdrawn"]


def open_use(organisation, **more):
    """A subject under a use that wants a notice alone, as rules of an earlier day may have had it."""
    subject = subject_of(organisation, **more)
    with tenant(organisation.pk):
        use = declarations.current(subject.project)
    save(use, outcome=use.outcome | {"requires": ["notice"]})
    NoticeFactory(subject=subject)
    return subject


def give(subject, agreed_to, purposes, **said):
    """Asked at a link, and signed for some of it."""
    consent = asked(subject, agreed_to).consent
    with tenant(subject.organisation_id):
        told = {"culture": False, "calibration": False} | said
        consents.give(consent, "Ada", purposes, **told)
    return consent


def test_who_left_this_purpose_unticked_said_no_to_it_where_no_consent_is_required(organisation):
    subject = open_use(organisation)
    assert missing(subject) == []

    give(subject, terms("sales_meeting", "research"), ["research"])

    assert missing(subject) == ["consent_missing"]
    given(subject)
    assert missing(subject) == []


def test_a_term_that_is_over_counts_where_no_consent_is_required_too(organisation):
    subject = open_use(organisation)
    save(given(subject), until=timezone.localdate() - timedelta(days=2))

    assert missing(subject) == ["consent_expired"]


def test_the_newest_consent_decides_on_culture(subject):
    given(subject, terms(culture=True))
    assert culture_allowed(subject)

    give(subject, terms(culture=True), ["sales_meeting"], culture=False)

    assert not culture_allowed(subject)


def calibration_allowed(subject):
    with tenant(subject.organisation_id):
        return standing.calibration_allowed(fresh(subject))


def test_calibration_needs_the_person_s_own_yes_once_they_were_asked(subject):
    assert calibration_allowed(subject)  # asked nothing here: what a member entered stands alone
    give(subject, terms(calibration=True), ["sales_meeting"])
    assert not calibration_allowed(subject)

    consent = give(subject, terms(calibration=True), ["sales_meeting"], calibration=True)
    assert calibration_allowed(subject)
    save(consent, until=timezone.localdate() - timedelta(days=2))
    assert not calibration_allowed(subject)


@pytest.mark.parametrize("no", ["objected", "withdrew", "declined"])
def test_calibration_ends_with_a_no(subject, no):
    if no == "declined":
        with tenant(subject.organisation_id):
            consents.take_back(asked(subject).consent, by_subject=True)
    else:
        consent = give(subject, terms(calibration=True), ["sales_meeting"], calibration=True)
        assert calibration_allowed(subject)
    if no == "objected":
        save(subject, objected_at=timezone.now())
    elif no == "withdrew":
        with tenant(subject.organisation_id):
            consents.withdraw(consent, by_subject=True)

    assert not calibration_allowed(subject)


def test_who_is_asked_is_told_that_nothing_happens_without_a_yes_and_so_it_is(organisation):
    subject = open_use(organisation)
    assert missing(subject) == []

    declined, waiting = asked(subject).consent, asked(subject).consent
    assert missing(subject) == ["consent_missing"]
    with tenant(organisation.pk):
        consents.take_back(waiting)
        consents.take_back(declined, by_subject=True)
    assert missing(subject) == ["consent_declined"]

    given(subject)
    assert missing(subject) == []


def test_what_a_member_took_back_keeps_nobody_from_anything(organisation):
    subject = open_use(organisation)
    with tenant(organisation.pk):
        consents.take_back(asked(subject).consent)

    assert missing(subject) == []


def test_who_objected_is_not_analysed_whatever_they_agreed_to(subject):
    given(subject)
    NoticeFactory(subject=subject)
    save(subject, objected_at=timezone.now())

    assert missing(subject) == ["objected"]


def test_each_leads_to_the_person_s_page(subject):
    save(subject, objected_at=timezone.now())
    with tenant(subject.organisation_id):
        found = standing.missing(subject, declarations.current(subject.project))

    page = f"/o/harbour/projects/{subject.project_id}/subjects/{subject.pk}/consent/"
    assert [one.url for one in found] == [page] * 3


def test_culture_needs_a_consent_that_says_so(subject):
    assert not culture_allowed(subject)
    given(subject)
    assert not culture_allowed(subject)

    given(subject, terms(culture=True))

    assert culture_allowed(subject)


def test_culture_of_another_purpose_or_a_past_term_does_not_count(subject):
    given(subject, terms("research", culture=True))
    save(given(subject, terms(culture=True)), until=timezone.localdate() - timedelta(days=1))

    assert not culture_allowed(subject)


def test_culture_is_free_where_nothing_is_required_and_nobody_said_no(organisation):
    subject = subject_of(organisation, purpose="rendered_people")
    assert culture_allowed(subject)

    save(given(subject, terms("research")), purposes=["rendered_people"])

    assert not culture_allowed(subject)


def test_another_declaration_asks_for_another_purpose(organisation, subject):
    given(subject)
    NoticeFactory(subject=subject)
    assert missing(subject) == []
    with tenant(organisation.pk):
        declarations.current(subject.project).delete()
    DeclarationFactory(
        project=subject.project, purpose="customer_interview", setting="online_meeting", region="eu"
    )

    assert missing(subject) == ["consent_missing"]


def test_a_person_of_another_organisation_is_not_found(subject, elsewhere):
    given(elsewhere)

    with tenant(subject.organisation_id):
        assert list(standing.in_force(elsewhere)) == []
        assert not Consent.objects.exists()
