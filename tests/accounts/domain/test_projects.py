from accounts.domain.projects import add_subject, change_project, create_project, rename_subject
from accounts.models import Project, Subject
from echodepth.tenancy import tenant
from tests.factories import OrganisationFactory


def test_projects_and_subjects_belong_to_their_organisation(organisation):
    with tenant(organisation.pk):
        project = create_project(organisation, "Interviews", "Spring")
        subject = add_subject(project, "P-01")
        change_project(project, "Interviews 2", "")
        rename_subject(subject, "P-02")

        assert list(Project.objects.values_list("name", "description")) == [("Interviews 2", "")]
        assert list(Subject.objects.values_list("label", "organisation")) == [("P-02", organisation.pk)]
    with tenant(OrganisationFactory().pk):
        assert not Project.objects.exists()
        assert not Subject.objects.exists()
