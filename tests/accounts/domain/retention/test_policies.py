import pytest

from accounts.domain.retention import limits, policies
from accounts.enums import DataClass, RetentionStart
from echodepth.tenancy import tenant
from tests.factories import DeclarationFactory, ProjectFactory, RetentionPolicyFactory

pytestmark = pytest.mark.django_db


def of(data_class, project):
    with tenant(project.organisation_id):
        return policies.of(data_class, project)


def test_where_nobody_chose_the_platforms_own_holds():
    project = ProjectFactory()

    policy = of("media", project)

    assert (policy.days, policy.counted_from, policy.source) == (365, RetentionStart.UPLOAD, "platform")


def test_a_projects_policy_goes_before_the_organisations_and_that_before_the_platforms():
    project, other = ProjectFactory(), ProjectFactory()
    sibling = ProjectFactory(organisation=project.organisation)
    RetentionPolicyFactory(organisation=project.organisation, days=90)
    RetentionPolicyFactory(
        organisation=project.organisation, project=project, days=30, counted_from=RetentionStart.REPORT
    )

    own, inherited, elsewhere = of("media", project), of("media", sibling), of("media", other)

    assert (own.days, own.counted_from, own.source) == (30, RetentionStart.REPORT, "project")
    assert (inherited.days, inherited.source) == (90, "organisation")
    assert (elsewhere.days, elsewhere.source) == (365, "platform")
    assert of("frames", project).source == "platform"


def test_the_organisations_own_is_told_without_a_project():
    organisation = ProjectFactory().organisation
    RetentionPolicyFactory(organisation=organisation, days=90)
    with tenant(organisation.pk):
        assert policies.of(DataClass.MEDIA).days == 90


def test_what_the_platform_sets_is_between_its_limits(settings):
    settings.RETENTION_DAYS = {"media": 200, "reports": 50}
    settings.RETENTION_MOST_DAYS = {"media": 100, "findings": 60}
    project = ProjectFactory()
    RetentionPolicyFactory(organisation=project.organisation, days=900, data_class=DataClass.FINDINGS)

    assert of("media", project).days == 100
    assert of("reports", project).days == 50
    assert (of("findings", project).days, of("findings", project).source) == (60, "organisation")


def test_nobody_chooses_how_long_face_geometry_lies():
    project = ProjectFactory()
    RetentionPolicyFactory(organisation=project.organisation, data_class=DataClass.GEOMETRY, days=300)

    assert of("geometry", project).days == limits.of(DataClass.GEOMETRY).days


def test_a_use_in_illinois_has_a_ceiling_for_what_shows_a_face():
    project = ProjectFactory(declared=False)
    DeclarationFactory(project=project, region="us_illinois")

    assert of("media", project).ceiling == 3 * 365
    assert of("documents", project).ceiling is None
    assert of("media", ProjectFactory(organisation=project.organisation)).ceiling is None
