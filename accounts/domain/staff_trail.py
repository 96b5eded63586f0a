"""What platform staff did inside a session, request by request, whatever else is recorded of it."""

from django.http import HttpRequest

from accounts.actor import Actor
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_parties import Target


def record_request(actor: Actor, request: HttpRequest) -> None:
    """One record of a request that staff makes, also of one that is then refused; none of a member's."""
    if actor.staff_session is None:
        return
    match = request.resolver_match
    page = match.view_name if match else ""
    record(AuditAction.STAFF_REQUEST, _about(match.kwargs if match else {}), method=request.method, page=page)


def _about(parts: dict[str, object]) -> Target | None:
    """What the address names last, such as `recording_id`; its name stays with the records that know it."""
    named = [(name.removesuffix("_id"), str(value)) for name, value in parts.items() if name.endswith("_id")]
    if not named:
        return None
    kind, key = named[-1]
    return Target(kind, key, None)
