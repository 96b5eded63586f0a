"""Certificates of erasure: what went, under which policy or request, by whom and when; signed, no names.

What is signed are the bytes of the body as canonical JSON: keys sorted, no blanks, ASCII. The key is
Ed25519's, derived from SECRET_KEY; one made under an earlier key is good as long as that is a fallback.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from accounts.audit_actions import AuditAction
from accounts.domain.audit_parties import party_ids, person
from accounts.models import AuditRecord, Certificate, ErasedThing, Erasure, Organisation

FORMAT = "echodepth.erasure.1"
PURPOSE = b"echodepth.certificates.1"
PRODUCT = "product"
"""Who asked, where nobody did: a policy, or a person at their link."""


class Verdict(StrEnum):
    """What a look at a certificate says."""

    VALID = "valid"
    CHANGED = "changed"
    """It is not what was signed."""
    UNKNOWN_KEY = "unknown_key"
    """The signature fits, but the key is not this installation's (any more)."""
    UNREADABLE = "unreadable"
    """It is no certificate."""


def issue(erasure: Erasure) -> Certificate:
    """Sign for an erasure that is done, in the transaction that ends it."""
    now, key = timezone.now(), uuid4()
    body = _body(erasure) | {"certificate": str(key), "issued_at": _moment(now)}
    private = _keys()[0]
    made: Certificate = Certificate.objects.create(
        pk=key,
        organisation_id=erasure.organisation_id,
        erasure=erasure,
        body=body,
        public_key=private.public_key().public_bytes_raw().hex(),
        signature=private.sign(canonical(body)).hex(),
        issued_at=now,
    )
    return made


def document(certificate: Certificate) -> dict[str, Any]:
    """The certificate as it is handed out: body, key and signature."""
    return {
        "body": certificate.body,
        "public_key": certificate.public_key,
        "signature": certificate.signature,
    }


def canonical(body: Mapping[str, Any]) -> bytes:
    """The bytes that are signed."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def verify(told: object) -> Verdict:
    """Look at a certificate as `document` gives it, whoever hands it in."""
    try:
        body, public, signature = _parts(told)
    except (KeyError, TypeError, ValueError):
        return Verdict.UNREADABLE
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, canonical(body))
    except (InvalidSignature, ValueError):
        return Verdict.CHANGED
    return Verdict.VALID if public in known_keys() else Verdict.UNKNOWN_KEY


def read(text: str | bytes) -> object:
    """What a file or a form holds; None where that is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def known_keys() -> set[bytes]:
    """The installation's public keys: of now, of secret keys that still verify, of those that are gone."""
    gone = {bytes.fromhex(key) for key in settings.CERTIFICATE_KEYS}
    return gone | {key.public_key().public_bytes_raw() for key in _keys()}


def _parts(told: object) -> tuple[dict[str, Any], bytes, bytes]:
    if not isinstance(told, dict) or not isinstance(told["body"], dict):
        raise TypeError
    if told["body"].get("format") != FORMAT:
        raise ValueError
    return told["body"], bytes.fromhex(told["public_key"]), bytes.fromhex(told["signature"])


def _body(erasure: Erasure) -> dict[str, Any]:
    gone = ErasedThing.objects.filter(erasure=erasure).order_by("kind", "object_id")
    listed = [_thing(one) for one in gone]
    counts: Counter[str] = Counter()
    for one in gone:
        counts[one.kind] += one.count
    finished = erasure.finished_at or timezone.now()
    return {
        "format": FORMAT,
        "organisation": str(erasure.organisation_id),
        "erasure": str(erasure.pk),
        "reason": erasure.reason,
        "erased": {"kind": erasure.kind, "id": str(erasure.object_id), "data_class": erasure.data_class},
        "policy": erasure.policy,
        "request": str(erasure.rights_request) if erasure.rights_request else "",
        "asked_by": _asker(erasure),
        "asked_at": _moment(erasure.requested_at),
        "started_at": _moment(erasure.started_at or finished),
        "finished_at": _moment(finished),
        "counts": dict(sorted(counts.items())),
        "versions": sum(one.versions for one in gone),
        "things": listed,
        "things_sha256": hashlib.sha256(canonical({"things": listed})).hexdigest(),
        "backups_until": _moment(finished + timedelta(days=settings.BACKUP_DAYS)),
    }


def _thing(thing: ErasedThing) -> dict[str, Any]:
    return {
        "kind": thing.kind,
        "id": thing.object_id,
        "sha256": thing.sha256,
        "bytes": thing.size,
        "versions": thing.versions,
        "count": thing.count,
    }


def _asker(erasure: Erasure) -> str:
    """The opaque id under which the audit trail knows them."""
    if erasure.asked_by is None:
        return PRODUCT
    if Organisation.objects.filter(pk=erasure.organisation_id).exclude(erased_at=None).exists():
        return _kept_asker(erasure)  # no name is written down any more
    named = person(erasure.asked_by)
    return str(party_ids(erasure.organisation_id, [named])[named])


def _kept_asker(erasure: Erasure) -> str:
    """Under the id that the trail holds since they asked; whose it is, nobody knows."""
    asked = AuditRecord.objects.filter(action=AuditAction.ERASURE_REQUESTED, target=str(erasure.object_id))
    return str(asked.order_by("-number").values_list("actor", flat=True).first() or PRODUCT)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _keys() -> list[Ed25519PrivateKey]:
    """Of now first."""
    return [_derived(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _derived(secret: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)
