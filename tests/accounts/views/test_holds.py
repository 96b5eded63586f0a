"""Legal holds on their pages."""

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import LegalHold
from tests.factories import LegalHoldFactory, MembershipFactory, ProjectFactory, RecordingFactory
from tests.support.sign_in import signed_in
from tests.support.tenants import every, fresh

pytestmark = pytest.mark.django_db
URL = "/o/harbour/retention/holds/"


@pytest.fixture
def client(owner):
    return signed_in(owner.user)


def test_a_hold_is_placed_shown_on_the_recording_and_released(client, owner):
    recording = RecordingFactory(project__organisation=owner.organisation, title="First meeting")

    client.post(f"{URL}new/recording/{recording.pk}/", {"reason": "Case 12"})

    (hold,) = every(LegalHold)
    assert (hold.kind, hold.object_id, hold.placed_by_id) == ("recording", recording.pk, owner.user_id)
    listed = client.get(URL).content.decode()
    assert "First meeting" in listed
    assert "Case 12" in listed

    client.post(f"{URL}{hold.pk}/release/")

    assert fresh(hold).released_by_id == owner.user_id
    page = client.get(URL)
    assert (page.context["in_force"], [one.hold for one in page.context["over"]]) == ([], [hold])


def test_others_see_no_hold_and_what_is_theirs_cannot_be_held_from_here(client, owner, outsider):
    foreign = RecordingFactory(project__organisation=outsider.organisation, title="Secret meeting")
    hold = LegalHoldFactory(
        organisation=outsider.organisation, kind="recording", object_id=foreign.pk, reason="Secret case"
    )

    text = client.get(URL).content.decode()

    assert "Secret" not in text
    for held, key in (
        ("recording", foreign.pk),
        ("organisation", outsider.organisation_id),
        ("run", foreign.pk),
    ):
        assert client.post(f"{URL}new/{held}/{key}/", {"reason": "Mine"}).status_code == 404
    assert client.post(f"{URL}{hold.pk}/release/").status_code == 404
    assert (every(LegalHold), fresh(hold).released_at) == ([hold], None)


def test_a_hold_needs_a_reason_and_a_day_to_come(client, owner):
    project = ProjectFactory(organisation=owner.organisation)
    url = f"{URL}new/project/{project.pk}/"

    assert "reason" in client.post(url, {"reason": " "}).context["form"].errors
    late = client.post(url, {"reason": "Case", "until": "2020-01-01"})

    assert late.status_code == 400
    assert "cannot be in the past" in late.content.decode()
    assert every(LegalHold) == []


def test_members_see_holds_and_those_who_manage_retention_alone_end_them(client, owner):
    project = ProjectFactory(organisation=owner.organisation)
    hold = LegalHoldFactory(organisation=owner.organisation, kind="project", object_id=project.pk)
    analyst = signed_in(MembershipFactory(organisation=owner.organisation, role=Role.ANALYST).user)

    assert "Case 12" in analyst.get(URL).content.decode()
    assert "Release" not in analyst.get(URL).content.decode()
    assert analyst.post(f"{URL}{hold.pk}/release/").status_code == 403
    assert fresh(hold).released_at is None
    assert (
        "A legal hold keeps all"
        in client.get(f"/o/harbour/projects/{project.pk}/retention/").content.decode()
    )


def test_one_that_is_over_by_its_day_is_listed_as_over(client, owner):
    hold = LegalHoldFactory(
        organisation=owner.organisation,
        kind="organisation",
        object_id=owner.organisation_id,
        until=timezone.localdate().replace(year=2020, day=1),
    )

    page = client.get(URL)

    assert (page.context["in_force"], [one.hold for one in page.context["over"]]) == ([], [hold])
