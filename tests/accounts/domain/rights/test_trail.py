"""Who saw it: every line about what is the person's, by ids that name nobody."""

import pytest

from accounts.actor import Actor, acting
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.rights import trail
from accounts.enums import Role
from accounts.permissions import Permissions
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, SubjectFactory

pytestmark = pytest.mark.django_db


def test_lines_about_the_person_and_their_things_oldest_first():
    mine = SubjectFactory(label="Quirina")
    other = SubjectFactory(project=mine.project)
    member = MembershipFactory(organisation=mine.organisation, user__email="m@harbour.example")
    actor = Actor(member.user, mine.organisation, Permissions(Role.ADMIN), member)
    with tenant(mine.organisation_id), acting(actor):
        record(AuditAction.SUBJECT_CREATED, mine)
        record(AuditAction.SUBJECT_VIEWED, other)
        record(AuditAction.PROJECT_CHANGED, mine.project)
        lines = list(trail.of_subject(mine, {str(mine.project_id)}))
        names = list(trail.names({str(mine.pk)}))
    assert [(line["done"], line["with"]) for line in lines] == [
        ("Subject added", "subject"),
        ("Project changed", "project"),
    ]
    assert lines[0]["by"] == lines[1]["by"] != ""
    assert "m@harbour.example" not in str(lines)
    assert names == [{"of": f"subject:{mine.pk}", "name": "Quirina"}]
