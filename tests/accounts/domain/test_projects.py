from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.domain.projects import (
    add_subject,
    change_project,
    create_project,
    find_or_add_subject,
    rename_subject,
)
from accounts.models import Project, Subject
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import OrganisationFactory, ProjectFactory


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


@pytest.fixture
def project():
    made = ProjectFactory()
    with tenant(made.organisation_id):
        yield made


@pytest.mark.django_db
def test_a_label_is_taken_once_a_project_whatever_its_case(project):
    subject = add_subject(project, "Speaker")
    second = add_subject(project, "Another")
    for refused in (
        lambda: add_subject(project, "SPEAKER"),
        lambda: rename_subject(second, "speaker"),
    ):
        with pytest.raises(UserError) as caught:
            refused()
        assert (caught.value.code, caught.value.status) == ("label_taken", 409)
    rename_subject(subject, "SPEAKER")
    elsewhere = add_subject(create_project(project.organisation, "Elsewhere"), "Speaker")
    assert set(Subject.objects.values_list("label", flat=True)) == {"SPEAKER", "Another", "Speaker"}
    assert find_or_add_subject(project, "speaker") == subject
    assert find_or_add_subject(elsewhere.project, "speaker") == elsewhere


@pytest.mark.django_db
def test_the_database_itself_refuses_a_label_twice(project):
    add_subject(project, "Speaker")
    with pytest.raises(IntegrityError, match=r"one_subject_a_label"), transaction.atomic():
        Subject.objects.create(organisation_id=project.organisation_id, project=project, label="speaker")


@pytest.mark.django_db(transaction=True)
def test_of_those_who_ask_for_a_subject_at_once_one_makes_it():
    project = ProjectFactory()
    together = Barrier(4)

    def ask(label):
        try:
            with tenant(project.organisation_id):
                together.wait(20)
                return find_or_add_subject(project, label).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(ask, ["Speaker", "SPEAKER", "speaker", "Speaker"]))
    assert len(found) == 1
