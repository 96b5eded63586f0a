"""From a person, a token or a link to the organisation it belongs to, before any tenant is known."""

from uuid import UUID

from echodepth.doors import Door

MEMBERSHIP_IN = Door(
    "door_membership_in",
    {"user_id": "bigint", "slug": "varchar"},
    {"organisation_id": "uuid"},
    ("accounts_membership", "accounts_organisation"),
    "SELECT o.id FROM accounts_organisation o JOIN accounts_membership m ON m.organisation_id = o.id "
    "WHERE m.user_id = {user_id} AND o.slug = {slug} AND o.state <> 'closed'",
)
MEMBERSHIPS_OF = Door(
    "door_memberships_of",
    {"user_id": "bigint"},
    {"organisation_id": "uuid"},
    ("accounts_membership", "accounts_organisation"),
    "SELECT o.id FROM accounts_organisation o JOIN accounts_membership m ON m.organisation_id = o.id "
    "WHERE m.user_id = {user_id} AND o.state <> 'closed' ORDER BY o.name",
)
PLACES_OF = Door(
    "door_places_of",
    {"user_id": "bigint"},
    {
        "organisation_id": "uuid",
        "slug": "varchar",
        "name": "varchar",
        "time_zone": "varchar",
        "role": "varchar",
        "guest_of": "uuid",
    },
    ("accounts_membership", "accounts_organisation"),
    "SELECT o.id, o.slug, o.name, o.time_zone, m.role, m.guest_of "
    "FROM accounts_organisation o JOIN accounts_membership m ON m.organisation_id = o.id "
    "WHERE m.user_id = {user_id} AND o.state <> 'closed' ORDER BY o.name, o.slug",
)
"""What the list of a person's organisations shows, in one look."""
ORGANISATION_NAMED = Door(
    "door_organisation_named",
    {"slug": "varchar"},
    {"organisation_id": "uuid"},
    ("accounts_organisation",),
    "SELECT id FROM accounts_organisation WHERE slug = {slug}",
)
ORGANISATIONS = Door(
    "door_organisations",
    {},
    {"organisation_id": "uuid", "slug": "varchar"},
    ("accounts_organisation",),
    "SELECT id, slug FROM accounts_organisation ORDER BY slug",
)
"""Every organisation in any state; for commands."""
STAFF_SESSION_IN = Door(
    "door_staff_session_in",
    {"user_id": "bigint", "slug": "varchar", "now": "timestamptz"},
    {"organisation_id": "uuid", "staff_session_id": "uuid"},
    ("accounts_staffsession", "accounts_organisation"),
    "SELECT o.id, s.id FROM accounts_organisation o JOIN accounts_staffsession s ON s.organisation_id = o.id "
    "WHERE s.user_id = {user_id} AND o.slug = {slug} AND o.state <> 'closed' "
    "AND s.closed_at IS NULL AND s.ends_at > {now}",
)
INVITATION = Door(
    "door_invitation",
    {"token_hash": "varchar"},
    {"organisation_id": "uuid", "invitation_id": "uuid"},
    ("accounts_invitation", "accounts_organisation"),
    "SELECT o.id, i.id FROM accounts_organisation o JOIN accounts_invitation i ON i.organisation_id = o.id "
    "WHERE i.token_hash = {token_hash} AND o.state <> 'closed'",
)
CONSENT = Door(
    "door_consent",
    {"token_hash": "varchar"},
    {"organisation_id": "uuid", "consent_id": "uuid"},
    ("accounts_consent",),
    "SELECT c.organisation_id, c.id FROM accounts_consent c "
    "WHERE c.token_hash = {token_hash} AND c.token_hash <> ''",
)
"""In any state of the organisation: a person can withdraw also where its members come in no more."""
RETENTION_SHOWN = Door(
    "door_retention_shown",
    {"slug": "varchar"},
    {"organisation_id": "uuid"},
    ("accounts_organisation",),
    "SELECT id FROM accounts_organisation WHERE slug = {slug} AND shows_retention AND state <> 'closed'",
)
"""Of an organisation that shows its retention policy to everybody, and of no other."""
DESK = Door(
    "door_desk",
    {},
    {"organisation_id": "uuid", "slug": "varchar"},
    ("accounts_organisation",),
    "SELECT id, slug FROM accounts_organisation WHERE is_desk AND state = 'active'",
)
"""The organisation in which the sales desk keeps its samples, while it is at work there."""
DESK_KEPT = Door(
    "door_desk_kept",
    {},
    {"organisation_id": "uuid", "slug": "varchar"},
    ("accounts_organisation",),
    "SELECT id, slug FROM accounts_organisation WHERE is_desk",
)
"""The same in any state: prospects withdraw, and erasures fall due, also where the desk is suspended."""
API_TOKEN = Door(
    "door_api_token",
    {"token_hash": "varchar"},
    {"organisation_id": "uuid", "token_id": "uuid"},
    ("accounts_apitoken", "accounts_organisation"),
    "SELECT o.id, t.id FROM accounts_organisation o JOIN accounts_apitoken t ON t.organisation_id = o.id "
    "WHERE t.token_hash = {token_hash} AND o.state <> 'closed'",
)
PROVIDER = Door(
    "door_identity_provider",
    {"provider_id": "uuid"},
    {"organisation_id": "uuid"},
    ("accounts_identityprovider", "accounts_organisation"),
    "SELECT o.id FROM accounts_organisation o JOIN accounts_identityprovider p ON p.organisation_id = o.id "
    "WHERE p.id = {provider_id} AND o.state <> 'closed'",
)
PROVIDER_OF_DOMAIN = Door(
    "door_provider_of_domain",
    {"domain": "varchar"},
    {"organisation_id": "uuid", "provider_id": "uuid"},
    ("accounts_domain", "accounts_identityprovider", "accounts_organisation"),
    "SELECT o.id, p.id FROM accounts_domain d JOIN accounts_organisation o ON o.id = d.organisation_id "
    "JOIN accounts_identityprovider p ON p.organisation_id = o.id "
    "WHERE d.name = {domain} AND d.proven_at IS NOT NULL AND p.enabled AND o.state <> 'closed'",
)
STAFF_SESSIONS_OF = Door(
    "door_staff_sessions_of",
    {"user_id": "bigint", "now": "timestamptz"},
    {"organisation_id": "uuid", "staff_session_id": "uuid"},
    ("accounts_staffsession",),
    "SELECT s.organisation_id, s.id FROM accounts_staffsession s "
    "WHERE s.user_id = {user_id} AND s.closed_at IS NULL AND s.ends_at > {now} ORDER BY s.ends_at",
)
_SEARCHED = "(lower(o.name) LIKE {pattern} ESCAPE '!' OR o.slug LIKE {pattern} ESCAPE '!')"
ORGANISATIONS_COUNTED = Door(
    "door_organisations_counted",
    {"pattern": "varchar"},
    {"found": "bigint"},
    ("accounts_organisation",),
    "SELECT count(*) FROM accounts_organisation o WHERE " + _SEARCHED,  # noqa: S608 - our own text
)
ORGANISATIONS_LISTED = Door(
    "door_organisations_listed",
    {"pattern": "varchar", "skipped": "bigint", "most": "bigint"},
    {
        "organisation_id": "uuid",
        "name": "varchar",
        "slug": "varchar",
        "state": "varchar",
        "created_at": "timestamptz",
        "members": "bigint",
        "active_at": "timestamptz",
    },
    ("accounts_organisation", "accounts_membership", "accounts_auditrecord"),
    "SELECT o.id, o.name, o.slug, o.state, o.created_at, "  # noqa: S608 - our own text
    "(SELECT count(*) FROM accounts_membership m WHERE m.organisation_id = o.id), "
    # What the platform's own people did there does not make an organisation a busy one.
    "(SELECT max(a.at) FROM accounts_auditrecord a "
    "WHERE a.organisation_id = o.id AND a.staff_session IS NULL) "
    "FROM accounts_organisation o WHERE " + _SEARCHED + " "
    "ORDER BY lower(o.name), o.id LIMIT {most} OFFSET {skipped}",
)

DOORS = (
    MEMBERSHIP_IN,
    MEMBERSHIPS_OF,
    PLACES_OF,
    ORGANISATION_NAMED,
    ORGANISATIONS,
    STAFF_SESSION_IN,
    INVITATION,
    CONSENT,
    RETENTION_SHOWN,
    DESK,
    DESK_KEPT,
    API_TOKEN,
    PROVIDER,
    PROVIDER_OF_DOMAIN,
    STAFF_SESSIONS_OF,
    ORGANISATIONS_COUNTED,
    ORGANISATIONS_LISTED,
)


def organisation_named(slug: str) -> UUID | None:
    """The organisation whose address this is, in any state; for commands and the platform's pages."""
    rows = ORGANISATION_NAMED.open(slug=slug)
    return rows[0][0] if rows else None
