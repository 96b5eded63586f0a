import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from accounts.enums import Role
from accounts.permissions import Permissions
from accounts.templatetags import retention
from echodepth.tenancy import tenant
from tests.factories import (
    DocumentFactory,
    LegalHoldFactory,
    ProjectFactory,
    RecordingFactory,
    RetentionFactory,
    RetentionPolicyFactory,
)

pytestmark = pytest.mark.django_db


def rendered(organisation, text, role=Role.OWNER, **context):
    request = RequestFactory().get("/")
    request.organisation, request.can = organisation, Permissions(role)
    with tenant(organisation.pk):
        return Template("{% load retention %}" + text).render(Context({"request": request, **context}))


def test_due_dates_and_holds_stand_beside_the_object(organisation):
    recording = RecordingFactory(project__organisation=organisation)
    due_at = timezone.now()
    RetentionFactory(organisation=organisation, object_id=recording.pk, due_at=due_at)
    LegalHoldFactory(organisation=organisation, kind="project", object_id=recording.project_id)
    text = '{% due_dates "recording" thing.pk "recording" %}'

    shown = rendered(organisation, text, thing=recording)

    assert "Recordings kept until" in shown
    assert f"{due_at:%Y}" in shown
    assert "Case 12" in shown
    assert f"/retention/holds/new/recording/{recording.pk}/" in shown
    assert "/retention/holds/new/" not in rendered(organisation, text, Role.VIEWER, thing=recording)


def test_documents_of_a_list_get_theirs(organisation, django_assert_max_num_queries):
    project = ProjectFactory(organisation=organisation)
    documents = [DocumentFactory(project=project) for _number in range(3)]
    row = RetentionFactory(
        organisation=organisation, kind="document", data_class="documents", object_id=documents[0].pk
    )
    LegalHoldFactory(organisation=organisation, kind="document", object_id=documents[1].pk)

    with tenant(organisation.pk):
        found = retention.with_due_dates("document", documents)

    assert [one.due_at for one in found] == [row.due_at, None, None]
    assert [one.is_held for one in found] == [False, True, False]


def test_how_long_it_is_kept_is_told_of_each_project(organisation):
    first = ProjectFactory(organisation=organisation, name="First")
    ProjectFactory(organisation=organisation, name="Second")
    RetentionPolicyFactory(organisation=organisation, project=first, days=30)
    ProjectFactory(name="Foreign")

    with tenant(organisation.pk):
        each = retention.kept_for_each("media")
        assert retention.kept_for("media", first) == "30 days after the upload"
        assert retention.kept_for("media") == "365 days after the upload"

    assert each == [
        ("30 days after the upload", ["First"]),
        ("365 days after the upload", ["Second"]),
    ]


def test_kinds_have_words():
    assert str(retention.kind_words("organisation")) == "Everything of the organisation"
    assert retention.kind_words("other") == "other"
