"""What proves a consent: a digest of all that was agreed to, by whom, when and how."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.enums import ConsentWay
from accounts.models import Consent, PrivacyText

_SALT = "accounts.consent.seal"


def text_sha256(text: PrivacyText) -> str:
    """SHA-256 of kind, language, title and body, in hexadecimal."""
    return digest([text.kind, text.language, text.title, text.body])


def facts(consent: Consent) -> dict[str, Any]:
    """What was agreed to, as it is put under the digest; of a consent that was given."""
    vouched = {"attester": str(consent.attested_by_id)} if consent.attested_by_id else {}
    return vouched | {
        "consent": str(consent.pk),
        "organisation": str(consent.organisation_id),
        "subject": str(consent.subject_id),
        "text": consent.text.sha256,
        "language": consent.text.language,
        "version": consent.text.version,
        "purposes": sorted(consent.purposes),
        "culture": consent.culture,
        "calibration": consent.calibration,
        "until": consent.until.isoformat() if consent.until else None,
        "way": str(consent.way),
        "signer": consent.signer,
        "form": consent.form_sha256,
        "given_at": consent.given_at.isoformat() if consent.given_at else None,
    }


def sha256(consent: Consent) -> str:
    """Of the consent's facts, in hexadecimal."""
    return digest(facts(consent))


def seal(consent: Consent) -> str:
    """A keyed digest of what was given, for the audit trail: no name is guessed from it without the key."""
    return salted_hmac(_SALT, consent.evidence_sha256, algorithm="sha256").hexdigest()


def is_sealed(consent: Consent, kept: str) -> bool:
    """Whether this seal was made of the digest as it stands, under the secret key or one before it."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = (
        salted_hmac(_SALT, consent.evidence_sha256, secret=key, algorithm="sha256").hexdigest()
        for key in keys
    )
    return any(constant_time_compare(one, kept) for one in made)


def is_whole(consent: Consent) -> bool:
    """Whether consent and text say today what was signed."""
    return consent.text.sha256 == text_sha256(consent.text) and consent.evidence_sha256 == sha256(consent)


def is_nameless(consent: Consent) -> bool:
    """Whether a name was erased from it: the digest can be checked no more.

    The person's, at their request; or that of the member who vouched, with their account.
    """
    vouched = consent.way == ConsentWay.LINK or consent.attested_by_id is not None
    return consent.given_at is not None and not (consent.signer and vouched)


def digest(said: Any) -> str:
    """Of JSON with sorted keys and without spaces, in UTF-8."""
    plain = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()
