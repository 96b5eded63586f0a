from uuid import uuid4

import pytest
from django.http import Http404

from accounts.access import access_membership, access_project, access_subject
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory, SubjectFactory


def test_what_is_another_organisations_is_not_there(organisation, owner, outsider):
    ours, theirs = SubjectFactory(project__organisation=organisation), SubjectFactory()

    with tenant(organisation.pk):
        assert access_project(ours.project_id) == ours.project
        assert access_subject(ours.project_id, ours.pk) == ours
        for project_id in (theirs.project_id, uuid4()):
            with pytest.raises(Http404):
                access_project(project_id)
        with pytest.raises(Http404):
            access_subject(theirs.project_id, theirs.pk)
    assert access_membership(organisation, owner.pk) == owner
    with pytest.raises(Http404):
        access_membership(organisation, outsider.pk)


def test_a_subject_is_found_under_its_own_project_only(organisation):
    subject = SubjectFactory(project__organisation=organisation)
    other = ProjectFactory(organisation=organisation)

    with tenant(organisation.pk), pytest.raises(Http404):
        access_subject(other.pk, subject.pk)
