"""What this app's models hold of people (`echodepth.personal`)."""

from echodepth import personal
from echodepth.personal import Personal, Table, Way, Whom

TABLE = Table()

TABLE.add(
    "reports.Report",
    opaque="id organisation run storage_key",
    technical="state error_code attempts released claimed_until woken_at",
    personal=[Personal("sha256 source_sha256 pages created_at ready_at", Whom.SUBJECT, "run")],
)
TABLE.add(
    "reports.Review",
    opaque="id organisation report reviewer",
    personal=[
        Personal("outcome remarks report_sha256 reviewed_at", Whom.SUBJECT, "run"),
        Personal("name", Whom.MEMBER, "run", "account"),
    ],
)
TABLE.add(
    "reports.SampleRequest",
    opaque="id organisation reference project recording document entered_by owner erasure became",
    technical="country region state created_at confirmed_at received_at due_on paused_at pauses ended_at "
    "erase_on erased_at tags reminded_on delivered_at report_until code_until code_attempts",
    keys="token_hash code_hash",
    personal=[
        Personal("name email company wish question answer note reason", Whom.PROSPECT, "sample", "sample"),
    ],
)
ERASERS = {
    "sample": Way(
        "Erasing a sample request with its file, its person and all results, with a certificate",
        "reports.domain.samples.ending:erase",
    ),
}
COPIES = {
    "sample": Way(
        "What a prospect told us, as a text file at the prospect's own link",
        "reports.domain.samples.told:written",
    ),
}


def connect() -> None:
    """Called once, when the app is ready."""
    personal.register(TABLE, erasers=ERASERS, copies=COPIES)
