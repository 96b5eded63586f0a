"""What binds the lines of an audit trail to each other; docs/audit-trail.md says it for who checks it."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import salted_hmac

from accounts.models import AuditRecord

NOTHING_BEFORE = ""
"""The previous hash of the first record."""
_SALT = "echodepth.audit"
_KEY_NAME_LENGTH = 8


class Seal(StrEnum):
    """What a look at a seal says."""

    GOOD = "good"
    BROKEN = "broken"
    UNKNOWN_KEY = "unknown_key"
    """Made with a secret key that this installation does not have (any more)."""


def fields_of(record: AuditRecord) -> dict[str, object]:
    """All that the record's hash is over, as JSON holds it."""
    return {
        "id": str(record.pk),
        "organisation": str(record.organisation_id),
        "number": record.number,
        "at": moment(record.at),
        "action": record.action,
        "actor": _key(record.actor),
        "staff_session": _key(record.staff_session),
        "token": _key(record.token),
        "address": _key(record.address),
        "target_kind": record.target_kind,
        "target": record.target,
        "facts": record.facts,
        "request_id": record.request_id,
        "previous_hash": record.previous_hash,
    }


def digest(record: AuditRecord) -> str:
    """SHA-256 of the record as canonical JSON: UTF-8, keys in order, no spaces, nothing escaped in vain."""
    canonical = json.dumps(fields_of(record), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def moment(at: datetime) -> str:
    """UTC with microseconds, such as `2026-01-31T23:59:59.000001Z`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def seal(what: str, organisation_id: UUID, number: int, digest_there: str) -> str:
    """The installation's signature under a place in the trail; `what` is `head` or `cut`.

    It begins with the name of the key it was made with.
    """
    key = settings.SECRET_KEY
    return f"{_key_name(key)}:{_signature(key, what, organisation_id, number, digest_there)}"


def look_at(found: str, what: str, organisation_id: UUID, number: int, digest_there: str) -> Seal:
    """Whether a seal belongs to this place in the trail."""
    name, _colon, signature = found.partition(":")
    keys = [key for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) if _key_name(key) == name]
    if not keys:
        return Seal.UNKNOWN_KEY if found else Seal.BROKEN
    right = (_signature(key, what, organisation_id, number, digest_there) for key in keys)
    return Seal.GOOD if any(hmac.compare_digest(signature, one) for one in right) else Seal.BROKEN


def _signature(key: str, what: str, organisation_id: UUID, number: int, digest_there: str) -> str:
    signer = Signer(key=key, salt=f"{_SALT}.{what}", fallback_keys=[])
    return str(signer.signature(f"{organisation_id}:{number}:{digest_there}"))


def _key_name(key: str) -> str:
    """Tells keys apart without telling anything of them."""
    return salted_hmac(f"{_SALT}.key", "", secret=key, algorithm="sha256").hexdigest()[:_KEY_NAME_LENGTH]


def _key(value: UUID | None) -> str | None:
    return None if value is None else str(value)
