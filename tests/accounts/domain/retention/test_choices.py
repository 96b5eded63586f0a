from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.audit_actions import AuditAction
from accounts.domain.retention import choices, retentions
from accounts.enums import DataClass, RetentionStart
from accounts.models import AuditRecord, Retention, RetentionPolicy
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import DeclarationFactory, ProjectFactory, RetentionFactory
from tests.support.tenants import every, fresh

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
DAY = timedelta(days=1)
UPLOAD = RetentionStart.UPLOAD


@pytest.fixture
def project(owner):
    return ProjectFactory(organisation=owner.organisation)


def kept(project, data_class="media"):
    with tenant(project.organisation_id):
        return retentions.keep(data_class, "recording", uuid4(), project.pk, NOW)


def test_a_choice_moves_the_due_dates_of_its_project_alone(owner, project):
    own, other = kept(project), kept(ProjectFactory(organisation=owner.organisation))
    document = kept(project, "documents")

    with tenant(owner.organisation_id):
        moved = choices.choose(DataClass.MEDIA, 100, UPLOAD, project, owner.user)
        choices.choose(DataClass.MEDIA, 120, UPLOAD, project, owner.user)
        line = AuditRecord.objects.filter(action=AuditAction.RETENTION_CHANGED).latest("number")

    assert moved == 1
    assert fresh(own).due_at == NOW + 120 * DAY
    assert fresh(other).due_at == fresh(document).due_at == NOW + 365 * DAY
    assert line.facts == {"data_class": "media", "days": 120, "counted_from": "upload"}
    assert line.target == str(project.pk)


def test_the_organisations_choice_moves_what_has_none_of_its_own_and_can_be_taken_back(owner, project):
    own, other = kept(project), kept(ProjectFactory(organisation=owner.organisation))
    with tenant(owner.organisation_id):
        choices.choose(DataClass.MEDIA, 100, UPLOAD, project, owner.user)
        choices.choose(DataClass.MEDIA, 200, UPLOAD, None, owner.user)
        assert (fresh(own).due_at, fresh(other).due_at) == (NOW + 100 * DAY, NOW + 200 * DAY)

        assert choices.inherit(DataClass.MEDIA, project) == 1
        assert fresh(own).due_at == NOW + 200 * DAY
        assert choices.inherit(DataClass.MEDIA, None) == 2
        assert choices.inherit(DataClass.MEDIA, None) == 0

    assert fresh(own).due_at == NOW + 365 * DAY
    assert every(RetentionPolicy) == []


@pytest.mark.parametrize(
    ("data_class", "days", "start", "code"),
    [
        (DataClass.MEDIA, 0, UPLOAD, "retention_days"),
        (DataClass.MEDIA, 3651, UPLOAD, "retention_days"),
        (DataClass.LOGS, 100, UPLOAD, "retention_days"),
        (DataClass.DOCUMENTS, 100, RetentionStart.INTERACTION, "retention_start"),
        (DataClass.GEOMETRY, 3, UPLOAD, "retention_fixed"),
    ],
)
def test_what_is_beyond_the_platforms_limits_is_refused(owner, data_class, days, start, code):
    with tenant(owner.organisation_id), pytest.raises(UserError) as caught:
        choices.choose(data_class, days, start, None, owner.user)

    assert caught.value.code == code
    assert every(RetentionPolicy) == []


def test_an_extension_holds_until_the_end_of_its_day(owner, project):
    row = kept(project)
    day = (NOW + 400 * DAY).date()

    with tenant(owner.organisation_id):
        choices.extend(row.pk, day, owner.user)
        line = AuditRecord.objects.filter(action=AuditAction.RETENTION_EXTENDED).latest("number")

    extended = fresh(row)
    assert retentions.ends_at(extended).date() == day
    assert extended.extended_by_id == owner.user_id
    assert (line.target_kind, line.facts["until"]) == ("recording", day.isoformat())


def test_an_extension_is_later_than_the_due_date_and_within_the_limits(owner, project):
    row = kept(project)
    with tenant(owner.organisation_id):
        for day, code in (
            (NOW + 300 * DAY, "extension_too_short"),
            (NOW + 3651 * DAY, "extension_too_long"),
        ):
            with pytest.raises(UserError) as caught:
                choices.extend(row.pk, day.date(), owner.user)
            assert caught.value.code == code
        choices.extend(row.pk, choices.last_day(row), owner.user)
        last = retentions.ends_at(fresh(row))
    assert NOW + 3648 * DAY < last <= NOW + 3650 * DAY


def test_in_illinois_nobody_extends_beyond_three_years(owner):
    project = ProjectFactory(organisation=owner.organisation, declared=False)
    DeclarationFactory(project=project, region="us_illinois")
    row = kept(project)

    with tenant(owner.organisation_id), pytest.raises(UserError) as caught:
        choices.extend(row.pk, (NOW + 1095 * DAY).date(), owner.user)

    assert caught.value.code == "extension_too_long"
    assert "legal hold" in str(caught.value.sentence)


def test_what_is_being_erased_and_what_is_anothers_cannot_be_extended(owner, project, outsider):
    row = kept(project)
    foreign = RetentionFactory(organisation=outsider.organisation, due_at=NOW)
    day = (NOW + 400 * DAY).date()
    with tenant(owner.organisation_id):
        Retention.objects.update(asked_at=NOW)
        with pytest.raises(UserError) as going:
            choices.extend(row.pk, day, owner.user)
        with pytest.raises(UserError) as unknown:
            choices.extend(foreign.pk, day, owner.user)

    assert (going.value.code, unknown.value.code) == ("erasure_under_way", "retention_gone")
    assert fresh(foreign).extended_until is None
