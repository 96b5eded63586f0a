"""Due dates and policies on their pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.domain.erasure import erasures
from accounts.domain.retention import policies
from accounts.enums import DataClass, ErasureReason, RetentionStart, Role
from accounts.models import RetentionPolicy
from analysis.domain import retention
from echodepth.tenancy import tenant
from tests.factories import (
    LegalHoldFactory,
    MembershipFactory,
    ProjectFactory,
    RecordingFactory,
    RetentionFactory,
    RightsRequestFactory,
    SubjectFactory,
    TrackAssignmentFactory,
)
from tests.support.sign_in import signed_in
from tests.support.tenants import every, fresh

pytestmark = pytest.mark.django_db
URL = "/o/harbour/retention/"
DAY = timedelta(days=1)


@pytest.fixture
def client(owner):
    return signed_in(owner.user)


@pytest.fixture
def recording(owner):
    return RecordingFactory(project__organisation=owner.organisation, title="First meeting")


def due(recording, **facts):
    kept = {"due_at": timezone.now() + 100 * DAY, "object_id": recording.pk, "project": recording.project}
    return RetentionFactory(organisation=recording.organisation, **kept | facts)


def test_what_is_being_erased_is_not_named(client, recording):
    due(recording)
    seen = TrackAssignmentFactory(recording=recording, subject=SubjectFactory(project=recording.project))
    with tenant(recording.organisation_id):
        assert b"First meeting" in client.get(URL).content
        erasures.request(ErasureReason.REQUEST, "subject", seen.subject_id, recording.organisation_id)
    assert b"First meeting" not in client.get(URL).content


def test_who_asked_by_right_is_shown_to_those_who_answer_alone(client, recording, viewer):
    asked = RightsRequestFactory(subject=SubjectFactory(project=recording.project, label="Quirina"))
    due(recording, kind="rights_request", object_id=asked.pk, data_class=DataClass.EXPORTS)
    assert b"Quirina" in client.get(URL).content
    page = signed_in(viewer.user).get(URL)
    assert (page.context["due"], b"Quirina" in page.content) == ([], False)


def test_the_list_shows_what_goes_first_with_its_state(client, recording, outsider):
    due(recording, due_at=timezone.now() + 20 * DAY)
    held = RecordingFactory(project=recording.project, title="Held one")
    due(held)
    LegalHoldFactory(organisation=held.organisation, object_id=held.pk)
    going = RecordingFactory(project=recording.project, title="Going")
    due(going, asked_at=timezone.now(), due_at=timezone.now() - DAY)
    foreign = RecordingFactory(project__organisation=outsider.organisation, title="Secret meeting")
    due(foreign)

    page = client.get(URL)

    titles = [one.shown.title for one in page.context["due"]]
    assert titles == ["Going", "First meeting", "Held one"]
    assert [one.held for one in page.context["due"]] == [False, False, True]
    text = page.content.decode()
    assert "Being erased" in text
    assert "Secret meeting" not in text
    assert f"/o/harbour/recordings/{recording.pk}/" in text


def test_filters_choose_class_project_and_day(client, recording):
    media = due(recording)
    other = RecordingFactory(project=ProjectFactory(organisation=recording.organisation))
    later = due(other, due_at=timezone.now() + 300 * DAY)
    report = due(recording, data_class=DataClass.REPORTS, kind="run", due_at=timezone.now() + 200 * DAY)
    until = timezone.localdate() + 150 * DAY

    def listed(query):
        return [one.row for one in client.get(f"{URL}?{query}").context["due"]]

    assert listed("") == [media, report, later]
    assert listed("data_class=reports") == [report]
    assert listed(f"project={other.project_id}") == [later]
    assert listed(f"until={until}") == [media]
    assert client.get(f"{URL}?until=never").status_code == 400


def test_a_project_of_another_organisation_is_no_choice(client, recording, outsider):
    foreign = ProjectFactory(organisation=outsider.organisation, name="Secret project")

    answer = client.get(f"{URL}?project={foreign.pk}")

    assert answer.status_code == 400
    assert "Secret project" not in answer.content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(client, recording, django_assert_max_num_queries):
    due(recording)
    client.get(URL)
    with django_assert_max_num_queries(60) as one:
        client.get(URL)
    for _number in range(20):
        due(RecordingFactory(project=recording.project))
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(URL)


def test_what_is_chosen_is_kept_longer(client, recording, outsider):
    first, second = due(recording), due(recording, data_class=DataClass.REPORTS, kind="run")
    foreign = due(RecordingFactory(project__organisation=outsider.organisation))
    until = timezone.localdate() + 200 * DAY

    answer = client.post(f"{URL}extend/", {"row": [str(first.pk), str(second.pk)], "until": until})

    assert answer.url == URL
    assert {timezone.localtime(fresh(row).extended_until).date() for row in (first, second)} == {until}
    nothing = client.post(f"{URL}extend/", {"row": [str(foreign.pk)], "until": until})
    assert (nothing.status_code, fresh(foreign).extended_until) == (404, None)
    assert client.post(f"{URL}extend/", {"until": until}).status_code == 400
    assert client.post(f"{URL}extend/", {"row": ["1"], "until": until}).status_code == 404


def test_a_viewer_sees_and_changes_nothing(owner, recording):
    row = due(recording)
    viewer = signed_in(MembershipFactory(organisation=owner.organisation, role=Role.VIEWER).user)

    text = viewer.get(URL).content.decode()
    refused = viewer.post(f"{URL}extend/", {"row": [str(row.pk)], "until": timezone.localdate() + 200 * DAY})

    assert "First meeting" in text
    assert "Keep longer" not in text
    assert (refused.status_code, fresh(row).extended_until) == (403, None)


def test_a_policy_is_chosen_for_the_organisation_and_for_a_project(client, recording, owner):
    with tenant(owner.organisation_id):
        retention.keep_recording(recording)
    base = f"/o/harbour/projects/{recording.project_id}/retention/"

    client.post(f"{URL}policies/media/", {"days": "90", "counted_from": "interaction"})
    client.post(f"{base}media/", {"days": "30", "counted_from": "upload"})

    with tenant(owner.organisation_id):
        assert policies.of("media").days == 90
        assert policies.of("media").counted_from == RetentionStart.INTERACTION
        assert policies.of("media", recording.project_id).days == 30
    page = client.get(base).content.decode()
    assert "30 days after the upload" in page
    assert "This project" in page

    client.post(f"{base}media/", {"inherit": "1"})
    assert [(row.days, row.project_id) for row in every(RetentionPolicy)] == [(90, None)]


def test_what_is_beyond_the_limits_is_said_beside_the_field(client):
    page = client.post(f"{URL}policies/logs/", {"days": "10"})

    assert page.context["form"].errors["days"] == ["Ensure this value is greater than or equal to 180."]
    assert every(RetentionPolicy) == []


@pytest.mark.parametrize("name", ["geometry", "nonsense"])
def test_what_nobody_chooses_has_no_page(client, name):
    assert client.get(f"{URL}policies/{name}/").status_code == 404


def test_the_page_before_the_upload_says_how_long_it_is_kept(client, recording):
    ProjectFactory(organisation=recording.organisation, name="Other project")
    assert (
        "Recordings are kept 365 days after the upload" in client.get("/o/harbour/upload/").content.decode()
    )
    client.post(
        f"/o/harbour/projects/{recording.project_id}/retention/media/",
        {"days": "1", "counted_from": "upload"},
    )

    text = client.get("/o/harbour/upload/").content.decode()

    assert "1 day after the upload" in text
    assert "365 days after the upload" in text
    assert "Other project" in text


def test_what_goes_soon_stands_above_the_recordings_of_those_who_may_keep_it(client, owner, recording):
    due(recording, due_at=timezone.now() + 5 * DAY)
    viewer = signed_in(MembershipFactory(organisation=owner.organisation, role=Role.VIEWER).user)

    assert "Will be erased soon" in client.get("/o/harbour/").content.decode()
    assert "Will be erased soon" not in viewer.get("/o/harbour/").content.decode()
