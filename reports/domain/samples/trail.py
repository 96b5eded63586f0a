"""A sample request in the audit trail: by its reference, so that no name has to be erased from there."""

from accounts.audit_actions import AuditAction
from accounts.domain import audit
from accounts.domain.audit import Fact
from accounts.domain.audit_parties import Target, label
from reports.models import SampleRequest

_KIND = "samplerequest"


def of(sample: SampleRequest) -> Target:
    """The request as the trail names it; never by the prospect's name."""
    key = str(sample.pk)
    return Target(_KIND, key, label(_KIND, key, sample.reference))


def record(action: AuditAction, sample: SampleRequest, **facts: Fact) -> None:
    """As `accounts.domain.audit.record`: last in the transaction."""
    audit.record(action, of(sample), **facts)
