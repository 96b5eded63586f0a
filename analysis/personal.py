"""What this app's models hold of people (`echodepth.personal`)."""

from echodepth import personal
from echodepth.personal import Personal, Table, Way, Whom

SUBJECT = Whom.SUBJECT

ERASERS = {
    "recording": Way(
        "Erasing a recording: its media, results, reports, and all their rows",
        "accounts.domain.erasure.erasures:request",
    ),
    "document": Way("Erasing a document", "accounts.domain.erasure.erasures:request"),
    "run": Way(
        "Erasing an analysis: its frame table, findings, face geometry and report",
        "accounts.domain.erasure.erasures:request",
    ),
}

COPIES = {
    "documents": Way(
        "A document is its project's and may name anybody: whoever answers the request looks through them",
        "analysis.files:document_file",
    )
}

TABLE = Table()

TABLE.add(
    "analysis.Recording",
    opaque="id organisation project storage_key uploaded_by subject",
    technical="analysis_wanted",
    personal=[Personal("title original_name size sha256 created_at media_facts", SUBJECT, "recording")],
)
TABLE.add(
    "analysis.Document",
    opaque="id organisation project storage_key uploaded_by",
    personal=[Personal("title original_name size sha256 created_at", SUBJECT, "document", "documents")],
)
TABLE.add(
    "analysis.TrackAssignment",
    opaque="id organisation recording subject assigned_by",
    technical="engine_version assigned_at",
    personal=[Personal("track role seen", SUBJECT, "recording")],
)
TABLE.add(
    "analysis.CohortCalibration",
    opaque="id organisation",
    organisation="cohort",
    technical="number list_version model parameters evidence made_at",
)
TABLE.add(
    "analysis.SubjectNeutral",
    opaque="id organisation subject run kept_by ended_by",
    personal=[Personal("kept_at ended_at", SUBJECT, "subject")],
)
TABLE.add(
    "analysis.Run",
    opaque="id organisation recording declaration kept_neutral requested_by lease result_key frames_key",
    technical="state error_code error_facts frames_done frames_total attempts plan lease_until heartbeat_at "
    "woken_at started_at analysing_since engine_version cohort_version tidy_at",
    personal=[
        Personal(
            "neutral_start neutral_end cohort people withheld retracted requested_at finished_at media_facts "
            "summary",
            SUBJECT,
            "run",
        )
    ],
)
TABLE.add(
    "analysis.Segment",
    opaque="id organisation run lease spool_key",
    technical="number frames state frames_done attempts lease_until woken_at rest_until started_at "
    "finished_at facts",
)
TABLE.add("analysis.WorkerBeat", technical="cluster beat_at seen_at workers")
TABLE.add(
    "analysis.Upload",
    opaque="id organisation project storage_key parts_id created_by recording",
    technical="part_size state checking_until error_code error_sentence expires_at",
    personal=[
        Personal("title subject_label original_name size sha256 client_key created_at", SUBJECT, "recording")
    ],
)


def connect() -> None:
    """Called once, when the app is ready."""
    personal.register(TABLE, erasers=ERASERS, copies=COPIES)
