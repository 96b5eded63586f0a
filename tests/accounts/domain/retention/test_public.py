import pytest

from accounts.audit_actions import AuditAction
from accounts.domain.retention import public
from accounts.models import AuditRecord
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory, RetentionPolicyFactory
from tests.support.tenants import fresh, save

pytestmark = pytest.mark.django_db


def test_it_is_published_and_taken_back_and_the_trail_says_so(organisation):
    with tenant(organisation.pk):
        public.publish(organisation, True, "privacy@harbour.example")
    assert public.published("harbour").contact == "privacy@harbour.example"

    with tenant(organisation.pk):
        public.publish(organisation, False, "")
        lines = AuditRecord.objects.filter(action=AuditAction.RETENTION_CHANGED).order_by("number")
        assert [line.facts for line in lines] == [{"public": True}, {"public": False}]
    assert public.published("harbour") is None
    assert fresh(organisation).privacy_contact == ""


def test_projects_that_differ_are_told_without_their_names(organisation, settings):
    settings.BACKUP_DAYS = 20
    save(organisation, shows_retention=True)
    RetentionPolicyFactory(organisation=organisation, days=90)
    for days in (30, 60, 60, 90):
        RetentionPolicyFactory(
            organisation=organisation, project=ProjectFactory(organisation=organisation), days=days
        )

    policy = public.published("harbour")

    media = policy.kept[0]
    assert (media.days, media.start) == (90, "the upload")
    assert media.otherwise == ("30 days after the upload", "60 days after the upload")
    assert (policy.backup_days, policy.illinois_years) == (20, 0)
    assert policy.changed_at is not None
    assert len(policy.kept) == 9
