from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.domain.retention import retentions
from accounts.enums import DataClass, RetentionStart
from accounts.models import Retention
from echodepth.tenancy import tenant
from tests.factories import DeclarationFactory, ProjectFactory, RetentionFactory, RetentionPolicyFactory
from tests.support.tenants import every, fresh

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)
DAY = timedelta(days=1)


def kept(project, data_class="media", kind="recording", object_id=None, starts_at=NOW):
    with tenant(project.organisation_id):
        return retentions.keep(data_class, kind, object_id or uuid4(), project.pk, starts_at)


def test_the_due_date_follows_from_the_policy_the_moment_it_is_made():
    project = ProjectFactory()
    RetentionPolicyFactory(organisation=project.organisation, days=30)

    row = fresh(kept(project))

    assert row.due_at == NOW + 30 * DAY
    assert (row.organisation_id, row.project_id) == (project.organisation_id, project.pk)


def test_kept_again_it_begins_anew_and_stays_one_row():
    project = ProjectFactory()
    first = kept(project, object_id=(object_id := uuid4()))

    kept(project, object_id=object_id, starts_at=NOW + 5 * DAY)

    assert [row.pk for row in every(Retention)] == [first.pk]
    assert fresh(first).due_at == NOW + 370 * DAY


def test_forgotten_are_one_class_or_all():
    project, object_id = ProjectFactory(), uuid4()
    for data_class in ("frames", "findings", "reports"):
        kept(project, data_class, "run", object_id)
    other = kept(project, "frames", "run")

    with tenant(project.organisation_id):
        assert retentions.forget("run", object_id, "frames") == 1
        assert {row.data_class for row in retentions.of("run", object_id)} == {"findings", "reports"}
        assert retentions.forget("run", object_id) == 2
        assert list(Retention.objects.all()) == [other]


def test_an_interaction_moves_only_what_is_counted_from_it():
    project, object_id = ProjectFactory(), uuid4()
    media = kept(project, "media", "recording", object_id)
    RetentionPolicyFactory(
        organisation=project.organisation,
        data_class=DataClass.DOCUMENTS,
        days=100,
        counted_from=RetentionStart.INTERACTION,
    )
    counted = kept(project, "documents", "recording", object_id)

    with tenant(project.organisation_id):
        retentions.touch("recording", object_id, NOW + 10 * DAY)
        retentions.touch("recording", object_id, NOW + 2 * DAY)

    assert fresh(media).due_at == NOW + 365 * DAY
    assert fresh(counted).due_at == NOW + 110 * DAY


def test_a_report_moves_what_is_counted_from_the_report():
    project, object_id = ProjectFactory(), uuid4()
    row = kept(project, "reports", "run", object_id)
    assert row.due_at == NOW + 1095 * DAY

    with tenant(project.organisation_id):
        retentions.report("run", object_id, NOW + 3 * DAY)

    assert fresh(row).due_at == NOW + 1098 * DAY


def test_a_shorter_policy_leaves_the_time_of_a_notice(settings):
    settings.RETENTION_NOTICE_DAYS = 14
    project = ProjectFactory()
    old = kept(project, starts_at=NOW - 100 * DAY)
    RetentionPolicyFactory(organisation=project.organisation, days=50)

    with tenant(project.organisation_id):
        assert retentions.reckon(Retention.objects.all()) == 1
        first = fresh(old).due_at
        assert abs(first - (timezone.now() + 14 * DAY)) < timedelta(minutes=1)
        assert retentions.reckon(Retention.objects.all()) == 0, "it must not be put off by asking again"


def test_a_changed_due_date_is_noticed_anew_and_an_extension_that_is_overtaken_ends():
    project = ProjectFactory()
    row = kept(project)
    stamped = {"noticed_at": NOW, "extended_until": NOW + 400 * DAY}
    with tenant(project.organisation_id):
        Retention.objects.update(**stamped)
        RetentionPolicyFactory(organisation=project.organisation, days=500)

        retentions.reckon(Retention.objects.all())

    changed = fresh(row)
    assert (changed.due_at, changed.extended_until, changed.noticed_at) == (NOW + 500 * DAY, None, None)


def test_illinois_ends_at_three_years_whatever_was_chosen_or_extended():
    project = ProjectFactory(declared=False)
    RetentionPolicyFactory(organisation=project.organisation, days=3000)
    row = kept(project)
    assert row.due_at == NOW + 3000 * DAY
    DeclarationFactory(project=project, region="us_illinois")
    with tenant(project.organisation_id):
        Retention.objects.update(extended_until=NOW + 3500 * DAY)
        retentions.reckon_project(project.pk)

    changed = fresh(row)
    assert (changed.due_at, changed.extended_until) == (NOW + 1095 * DAY, None)
    assert retentions.ends_at(changed) == NOW + 1095 * DAY


def test_nothing_of_another_organisation_is_moved():
    project, object_id = ProjectFactory(), uuid4()
    foreign = RetentionFactory(kind="recording", object_id=object_id, due_at=NOW)

    with tenant(project.organisation_id):
        retentions.touch("recording", object_id)
        retentions.forget("recording", object_id)
        retentions.reckon(Retention.objects.all())

    assert fresh(foreign).due_at == NOW
    assert fresh(foreign).touched_at is None
