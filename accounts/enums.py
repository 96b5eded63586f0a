from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member is in an organisation; `accounts.permissions` says what each may do."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    ANALYST = "analyst", _("Analyst")
    REVIEWER = "reviewer", _("Reviewer")
    VIEWER = "viewer", _("Viewer")
    GUEST = "guest", _("Guest")
    """Reads one report and nothing else."""


class PlatformRole(models.TextChoices):
    """Who works for the platform itself. None of them sees a tenant's data without a staff session."""

    NONE = "", _("None")
    SALES = "sales", _("Sales")
    SUPPORT = "support", _("Support")
    ADMIN = "admin", _("Platform admin")


class OrganisationState(models.TextChoices):
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    """Nobody may enter; nothing is lost, and it can be made active again."""
    CLOSED = "closed", _("Closed")
    """For good: as if it were not there."""


class Declarant(models.TextChoices):
    """Who says to which cultural cohort a subject belongs."""

    SUBJECT = "subject", _("The subject")
    ANALYST = "analyst", _("An analyst")


class Scope(models.TextChoices):
    """What an API token may be used for; never more than its owner's role allows."""

    READ = "read", _("Read projects, subjects, recordings, runs and results")
    WRITE = "write", _("Create projects and subjects, upload recordings, start and cancel runs")
    DELETE = "delete", _("Delete recordings")
    MEMBERS = "members", _("Read the list of members")
    AUDIT = "audit", _("Read the audit trail")


class PartyKind(models.TextChoices):
    """What the side table of the audit trail names."""

    PERSON = "person", _("Person")
    ADDRESS = "address", _("Network address")
    SUBJECT = "subject", _("Label or title")


class SubjectRole(models.TextChoices):
    """What a person in a recording is to the organisation."""

    CUSTOMER = "customer", _("Customer")
    PROSPECT = "prospect", _("Prospect")
    SPEAKER = "speaker", _("Speaker")
    OWN_STAFF = "own_staff", _("Own staff")
    INTERVIEWER = "interviewer", _("Interviewer")
    UNKNOWN = "unknown", _("Not known")


class UseState(models.TextChoices):
    """What the rules say of a declared use."""

    ALLOWED = "allowed", _("Allowed")
    UNCONFIRMED = "unconfirmed", _("Waits for a named confirmation")
    REFUSED = "refused", _("Not allowed")


class TextKind(models.TextChoices):
    """What a text that people are shown is for."""

    CONSENT = "consent", _("Consent")
    NOTICE = "notice", _("Notice of emotion analysis")


class ConsentState(models.TextChoices):
    ASKED = "asked", _("Asked")
    GIVEN = "given", _("Given")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ConsentWay(models.TextChoices):
    """How a consent was given."""

    LINK = "link", _("Signed by the person at a link")
    FORM = "form", _("Signed form, uploaded")
    ATTESTED = "attested", _("Attested by the organisation")


class DataClass(models.TextChoices):
    """Kinds of data that are kept for different times."""

    MEDIA = "media", _("Recordings")
    FRAMES = "frames", _("Frame tables")
    FINDINGS = "findings", _("Findings")
    REPORTS = "reports", _("Reports")
    DOCUMENTS = "documents", _("Documents")
    CONSENTS = "consents", _("Consent records")
    LOGS = "logs", _("Audit trail")
    GEOMETRY = "geometry", _("Face geometry")
    """The spool between the two passes; it goes with its run."""
    EXPORTS = "exports", _("Exports of personal data")


class RetentionStart(models.TextChoices):
    """What the days are counted from."""

    UPLOAD = "upload", _("The upload")
    REPORT = "report", _("The report")
    INTERACTION = "interaction", _("The last interaction")


class ErasureReason(models.TextChoices):
    POLICY = "policy", _("Its time was over")
    MEMBER = "member", _("A member erased it")
    WITHDRAWAL = "withdrawal", _("Consent was withdrawn")
    REQUEST = "request", _("The person asked for it")
    OFFBOARDING = "offboarding", _("The organisation left")


class ErasureState(models.TextChoices):
    REQUESTED = "requested", _("Waiting")
    WORKING = "working", _("Erasing")
    HELD = "held", _("Blocked by a legal hold")
    DONE = "done", _("Erased")


class RightsKind(models.TextChoices):
    """What a person may ask for."""

    ACCESS = "access", _("A copy of everything")
    CORRECTION = "correction", _("Correction")
    OBJECTION = "objection", _("Objection")
    ERASURE = "erasure", _("Erasure")


class RightsState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")


class OffboardingState(models.TextChoices):
    """How far an organisation is that takes everything along."""

    EXPORTING = "exporting", _("Being put together")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
