"""What this app's models hold of people (`echodepth.personal`).

References to members and subjects are opaque: what they lead to is classed where it stands.
"""

from accounts import personal_installed
from echodepth import personal
from echodepth.personal import Personal, Table, Way, Whom

SUBJECT, MEMBER, BOTH = Whom.SUBJECT, Whom.MEMBER, Whom.BOTH

ERASERS = {
    "subject": Way(
        "Erasing a person: their label, recordings, results, consents and requests, with a certificate",
        "accounts.domain.erasure.erasures:request",
    ),
    "consent": Way(
        "Erasing a consent record, once its own time is over", "accounts.domain.erasure.erasures:request"
    ),
    "project": Way("Erasing a project with all it holds", "accounts.domain.erasure.erasures:request"),
    "organisation": Way(
        "Erasing an organisation that leaves, with all it holds", "accounts.domain.erasure.erasures:request"
    ),
    "audit": Way(
        "The names beside the audit trail go; its opaque ids stay",
        "accounts.domain.audit_erasure:erase_label",
    ),
    "account": Way(
        "Erasing an account with `manage.py erase_account`", "accounts.domain.rights.accounts:erase"
    ),
}

COPIES = {
    "who saw it": Way(
        "Reads and changes of what is theirs, from the audit trail", "accounts.domain.rights.trail:of_subject"
    ),
    "account": Way(
        "A copy of an account with `manage.py copy_account`", "accounts.domain.rights.accounts:copy"
    ),
    "hold": Way(
        "The reason of a legal hold may be confidential: whoever answers the request decides on it",
        "accounts.domain.retention.holds:of",
    ),
    "declaration": Way("What the project declares", "accounts.domain.rights.exporters:declarations"),
}

TABLE = Table()

TABLE.add(
    "accounts.Organisation",
    opaque="id",
    organisation="name slug time_zone privacy_contact state_reason",
    technical="state state_changed_at require_mfa quota_members quota_recordings quota_bytes shows_retention "
    "is_desk trial_until erased_at created_at",
)
TABLE.add(
    "accounts.User",
    opaque="id",
    keys="password",
    technical="is_active platform_role",
    personal=[Personal("email full_name last_login date_joined", MEMBER, "account", "account")],
)
TABLE.add(
    "accounts.Membership",
    opaque="id organisation user guest_of",
    personal=[Personal("role created_at", MEMBER, "account", "account")],
)
TABLE.add(
    "accounts.Invitation",
    opaque="id organisation guest_of invited_by accepted_by",
    keys="token_hash",
    technical="role created_at expires_at accepted_at revoked_at",
    personal=[Personal("email", MEMBER, "account", "account")],
)
TABLE.add(
    "accounts.ApiToken",
    opaque="id organisation membership",
    keys="prefix token_hash",
    technical="scopes created_at expires_at revoked_at",
    personal=[Personal("name last_used_at", MEMBER, "account", "account")],
)
TABLE.add(
    "accounts.StaffSession",
    opaque="id organisation user",
    organisation="reason",
    technical="opened_at ends_at closed_at",
)
TABLE.add(
    "accounts.Domain",
    opaque="id organisation",
    keys="secret",
    organisation="name",
    technical="proven_at created_at",
)
TABLE.add(
    "accounts.IdentityProvider",
    opaque="id organisation",
    keys="client_secret",
    organisation="name issuer client_id",
    technical="role enabled created_at",
)
TABLE.add(
    "accounts.Identity",
    opaque="id organisation provider user",
    technical="created_at",
    personal=[Personal("subject last_used_at", MEMBER, "account", "account")],
)
TABLE.add(
    "accounts.AuditRecord",
    opaque="id organisation actor staff_session token address target request_id",
    technical="number at action target_kind facts previous_hash hash",
)
TABLE.add(
    "accounts.AuditParty",
    opaque="id organisation",
    technical="kind",
    personal=[Personal("key name", BOTH, "audit", "who saw it")],
)
TABLE.add(
    "accounts.AuditHead",
    opaque="organisation",
    technical="number hash seal cut_number cut_hash cut_at cut_seal",
)
TABLE.add(
    "accounts.Project",
    opaque="id organisation",
    technical="created_at",
    personal=[Personal("name description", SUBJECT, "project", "declaration")],
)
TABLE.add(
    "accounts.Subject",
    opaque="id organisation project cohort_entered_by calibration_consent_entered_by",
    personal=[
        Personal(
            "label role objected_at cohort cohort_declared_by cohort_entered_at calibration_consent_on "
            "created_at",
            SUBJECT,
            "subject",
        )
    ],
)
TABLE.add(
    "accounts.Declaration",
    opaque="id organisation project declared_by confirmed_by",
    organisation="purpose setting region people",
    technical="rules_version state outcome declared_at confirmed_at ended_at",
    personal=[
        Personal("details", SUBJECT, "project", "declaration"),
        Personal("confirmed_name", MEMBER, "project", "account"),
    ],
)
TABLE.add(
    "accounts.PrivacyText",
    opaque="id organisation written_by",
    organisation="kind language version title body sha256",
    technical="created_at published_at",
)
TABLE.add(
    "accounts.Consent",
    opaque="id organisation subject text attested_by form_key",
    keys="token_hash",
    technical="link_expires_at",
    personal=[
        Personal(
            "state way purposes culture calibration until email signer form_sha256 evidence_sha256 asked_at "
            "given_at withdrawn_at withdrawn_by_subject",
            SUBJECT,
            "consent",
        )
    ],
)
TABLE.add(
    "accounts.Notice",
    opaque="id organisation subject text recorded_by",
    personal=[Personal("way shown_at", SUBJECT, "subject")],
)
TABLE.add(
    "accounts.RightsRequest",
    opaque="id organisation subject entered_by handled_by export_key",
    technical="state copy_asked_at copy_with_media",
    personal=[
        Personal(
            "kind words answer by_subject received_at due_on export_sha256 closed_at prolonged_for",
            SUBJECT,
            "subject",
        )
    ],
)
TABLE.add(
    "accounts.RetentionPolicy",
    opaque="id organisation project set_by",
    organisation="data_class days counted_from",
    technical="set_at",
)
TABLE.add(
    "accounts.Retention",
    opaque="id organisation project object_id extended_by",
    technical="data_class kind starts_at due_at extended_until noticed_at reported_at touched_at asked_at",
)
TABLE.add(
    "accounts.LegalHold",
    opaque="id organisation object_id placed_by released_by",
    technical="kind until placed_at released_at",
    personal=[Personal("reason", SUBJECT, "subject", "hold")],
)
TABLE.add(
    "accounts.Erasure",
    opaque="id organisation object_id rights_request asked_by lease",
    technical="reason kind data_class policy state error_code attempts lease_until rest_until requested_at "
    "started_at finished_at",
)
TABLE.add(
    "accounts.ErasedThing",
    opaque="id organisation erasure object_id sha256",
    technical="kind size versions count erased_at",
)
TABLE.add(
    "accounts.Certificate",
    opaque="id organisation erasure",
    technical="body public_key signature issued_at",
)
TABLE.add(
    "accounts.Offboarding",
    opaque="id organisation asked_by after_id lease erasure",
    technical="asked_at state error_code after_kind attempts lease_until ready_at",
)
TABLE.add(
    "accounts.OffboardingPart",
    opaque="id organisation offboarding storage_key",
    technical="number size sha256 entries made_at",
)
TABLE.add("accounts.SharedCache", keys="cache_key value", technical="expires")


def connect() -> None:
    """Called once, when the app is ready."""
    personal.register(TABLE, erasers=ERASERS, copies=COPIES)
    installed = personal_installed
    personal.register(installed.TABLE, erasers=installed.ERASERS, copies=installed.COPIES)
