"""How much organisations have stored, for the platform's list of them: numbers alone."""

from uuid import UUID

from echodepth.doors import Door

MOST = 25
"""Organisations that are asked about at once."""

_NOBODY = UUID(int=0)
_ARGUMENTS = {f"id_{number}": "uuid" for number in range(MOST)}
_ASKED = ", ".join(f"{{{name}}}" for name in _ARGUMENTS)

USAGE = Door(
    "door_usage",
    _ARGUMENTS,
    {"organisation_id": "uuid", "recordings": "bigint", "size": "bigint"},
    ("accounts_organisation", "analysis_recording", "analysis_document"),
    "SELECT o.id, "  # noqa: S608 - our own text
    "(SELECT count(*) FROM analysis_recording r WHERE r.organisation_id = o.id), "
    "CAST((SELECT coalesce(sum(r.size), 0) FROM analysis_recording r WHERE r.organisation_id = o.id) "
    "+ (SELECT coalesce(sum(d.size), 0) FROM analysis_document d WHERE d.organisation_id = o.id) AS bigint) "
    "FROM accounts_organisation o WHERE o.id IN (" + _ASKED + ")",
)

DOORS = (USAGE,)


def usage_of(organisation_ids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """Recordings, and bytes of recordings and documents, of at most `MOST` organisations."""
    if len(organisation_ids) > MOST:
        raise ValueError(len(organisation_ids))
    asked = [*organisation_ids, *[_NOBODY] * (MOST - len(organisation_ids))]
    rows = USAGE.open(**dict(zip(_ARGUMENTS, asked, strict=True)))
    return {organisation_id: (recordings, size) for organisation_id, recordings, size in rows}
