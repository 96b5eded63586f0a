import pytest

from accounts.audit_actions import AuditAction
from accounts.models import AuditParty, AuditRecord
from echodepth.tenancy import tenant
from reports.domain.samples import trail
from tests.factories import SampleRequestFactory
from tests.support.tenants import every

pytestmark = pytest.mark.django_db


def test_the_trail_knows_a_request_by_its_reference_and_not_by_who_asked():
    sample = SampleRequestFactory(
        name="Grace Example", email="grace@prospect.example", company="Prospect Works"
    )

    with tenant(sample.organisation_id):
        trail.record(AuditAction.SAMPLE_CHANGED, sample, changed="note")

    line = every(AuditRecord)[-1]
    assert (line.action, line.target_kind, line.target) == (
        AuditAction.SAMPLE_CHANGED,
        "samplerequest",
        str(sample.pk),
    )
    assert line.facts == {"changed": "note"}
    names = [party.name for party in every(AuditParty)]
    assert sample.reference in names
    assert not any("Grace" in name or "grace@" in name or "Works" in name for name in names)
