from datetime import UTC, datetime

import pytest
from django.core import mail
from django.utils import translation

from accounts import limits
from accounts.enums import OrganisationState
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.samples import links
from tests.support.samples import asked, desk
from tests.support.tenants import fresh, save

pytestmark = pytest.mark.django_db


def test_a_link_leads_to_its_request_and_to_no_other():
    desk()
    first, second = asked(), asked(email="other@prospect.example")

    found = links.find(first.secret)

    assert (found.pk, found.project.pk) == (first.sample.pk, first.sample.project_id)
    assert found.pk != second.sample.pk


def test_a_new_link_voids_the_old_one():
    desk()
    sample, old = asked()

    with tenant(sample.organisation_id):
        new = links.renew(sample)

    assert links.find(new).pk == sample.pk
    assert new not in fresh(sample).token_hash
    with pytest.raises(UserError):
        links.find(old)


def test_links_that_lead_nowhere_are_refused_in_the_same_words():
    """Cut short, of no desk, or made up."""
    home = desk()
    secret = asked().secret
    told = []
    for tried in (secret[:-1], "x" * 43, ""):
        with pytest.raises(UserError) as refusal:
            links.find(tried)
        told.append((refusal.value.code, refusal.value.status, str(refusal.value.sentence)))
    save(home, is_desk=False)
    with pytest.raises(UserError) as refusal:
        links.find(secret)
    told.append((refusal.value.code, refusal.value.status, str(refusal.value.sentence)))

    assert len(set(told)) == 1
    assert told[0][:2] == ("sample_link_invalid", 404)


def test_the_mail_brings_the_link_and_nothing_that_somebody_typed(settings):
    settings.BASE_URL = "https://echodepth.example"
    desk()
    sample, secret = asked(name="Buy at evil.example", company="http://evil.example", wish="evil.example")

    with tenant(sample.organisation_id):
        links.send_confirmation(sample, secret)

    (sent,) = mail.outbox
    assert sent.to == ["grace@prospect.example"]
    assert f"https://echodepth.example/sample/{secret}/" in sent.body
    assert "You have until" in sent.body
    assert sample.reference in sent.subject
    assert "evil" not in sent.subject + sent.body


def test_a_mail_sent_again_tells_the_same_moment_in_the_desks_time():
    desk(time_zone="Europe/Berlin")
    sample, _secret = asked()
    save(sample, created_at=datetime(2026, 11, 23, 22, 30, tzinfo=UTC))

    with tenant(sample.organisation_id):
        links.send_again(fresh(sample))

    assert "until 24 November 2026, 23:30 (Europe/Berlin)" in mail.outbox[0].body


def test_the_mail_is_in_english_whatever_the_prospect_reads():
    desk()
    sample, secret = asked()
    save(sample, created_at=datetime(2026, 3, 1, 12, tzinfo=UTC))

    with tenant(sample.organisation_id), translation.override("de"):
        links.send_confirmation(fresh(sample), secret)

    (sent,) = mail.outbox
    assert "You have until 2 March 2026, 12:00" in sent.body
    assert f"/sample/{secret}/" in sent.body
    assert "/de/" not in sent.body
    assert sent.subject == f"Confirm your sample analysis {sample.reference}"


def test_where_no_mail_is_taken_the_link_before_it_still_leads_there(monkeypatch):
    desk()
    sample, old = asked()

    def away(*_args, **_more):
        raise ConnectionRefusedError

    monkeypatch.setattr(links, "send_mail", away)
    with tenant(sample.organisation_id), pytest.raises(OSError):  # noqa: PT011 - whatever the mail server's
        links.send_again(sample)

    assert links.find(old).pk == sample.pk


def test_mails_to_one_address_are_few_however_it_is_written():
    for address in ("a@b.example", "A@B.example", " a@b.example ", "a@b.example", "a@b.example"):
        links.count_mail(address)

    with pytest.raises(UserError) as refusal:
        links.count_mail("a@B.EXAMPLE")
    links.count_mail("other@b.example")

    assert refusal.value.code == "too_many_requests"
    assert limits.SAMPLE_MAIL.amount == 5


def test_without_a_desk_there_is_none(organisation):
    with pytest.raises(UserError) as refusal:
        links.desk()

    assert (refusal.value.code, refusal.value.status) == ("no_desk", 503)
    save(organisation, is_desk=True)
    assert links.desk() == organisation.pk


def test_a_suspended_desk_takes_no_request_and_its_links_still_open():
    home = desk()
    sample, secret = asked()
    save(home, state=OrganisationState.SUSPENDED)

    assert links.find(secret).pk == sample.pk
    with pytest.raises(UserError) as refusal:
        links.desk()
    assert refusal.value.code == "no_desk"
