"""What is asked at each address of `tests.support.access_table`: objects, fields, and what was so before."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.enums import OrganisationState
from accounts.models import IdentityProvider, LegalHold
from echodepth.tenancy import tenant
from reports.enums import ReportState
from reports.models import Report
from tests.factories import PASSWORD
from tests.support import samples
from tests.support.desk_world import CODE
from tests.support.sign_in import second_factor
from tests.support.world import World

Call = tuple[str, str]
"""Name of an address, and method."""

OBJECTS: dict[str, dict[str, str]] = {
    "invitation": {"token": "invitation_token"},
    "file": {"token": "file_token"},
    "analysis:recording-subject": {"recording_id": "nameless_recording"},
    "consent": {"token": "consent_token"},
    "consent-own-withdraw": {"token": "given_token"},
    "consent-own-copy": {"token": "given_token"},
    "consent-own-rights": {"token": "given_token"},
    "consent-withdraw": {"consent_id": "given_consent"},
    "consent-form": {"consent_id": "given_consent"},
    "text-publish": {"text_id": "finished_draft"},
    "left": {"token": "receipt"},
    "left-certificate": {"token": "receipt"},
    "part": {"token": "part_token"},
    "account_confirm_email": {"key": "kind"},
    "account_reset_password_from_key": {"key": "kind", "uidb36": "kind"},
    "account_end_session": {"session_id": "no_number"},
    "mfa_remove_webauthn": {"pk": "no_number"},
    "mfa_edit_webauthn": {"pk": "no_number"},
    "analysis:recording": {"recording_id": "running"},
    "analysis:recording-cancel": {"recording_id": "running"},
    "analysis:neutral-keep": {"run_id": "other_run"},
    "reports:review": {"run_id": "other_run"},
    "project-use-confirm": {"project_id": "training"},
    "platform-session-end": {"session_id": "entered_session"},
    "platform-retry": {"run_id": "failed_run"},
    "audit-export": {"kind": "csv"},
    "rights-correct": {"request_id": "correction_request"},
    "rights-erase": {"request_id": "erasure_request"},
    "sso-domain-check": {"domain_id": "claimed_domain"},
    "sample-visit": {"token": "sample_token"},
    "sample-confirm": {"token": "fresh_sample_token"},
    "sample-answer": {"token": "sample_token"},
    "sample-withdraw": {"token": "sample_token"},
    "sample-copy": {"token": "sample_token"},
    "sample-certificate": {"token": "erased_sample_token"},
    "sample-code": {"token": "sample_token"},
    "sample-open": {"token": "sample_token"},
    "sample-report": {"token": "sample_token"},
}
"""Parts of addresses that stand for another object than the usual one: part -> key in `World.ids`."""

WORDS = {"full_name": "New Person", "password": PASSWORD + " 2", "again": PASSWORD + " 2"}
PASSWORDS = {"oldpassword": PASSWORD, "password1": PASSWORD + " 2", "password2": PASSWORD + " 2"}
PROVIDER = {
    "name": "New",
    "issuer": "https://id.new.example",
    "client_id": "client",
    "client_secret": "secret",
    "role": "viewer",
}
COHORT = {"cohort": "ca-fr", "declared_by": "subject", "consent_on": "2026-05-04"}
TOKEN = {"name": "New", "scopes": ["read"], "days": "30"}
REVIEW = {"name": "R. Eviewer", "read": "on", "draft": "ab" * 32, "outcome": "signed"}
REASON = "Ticket 17: the owner asked for help"
SAMPLE = samples.TOLD | {"agreed": "on", "responsible": "on"}


def _text_file(_world: World) -> dict[str, Any]:
    return {"uploads": [SimpleUploadedFile("new.txt", b"new")]}


def _video(world: World) -> dict[str, Any]:
    return {"uploads": [SimpleUploadedFile("new.mp4", world.clip.read_bytes())], "project": world.project.pk}


def _request_by_right(world: World) -> dict[str, Any]:
    facts = {"kind": "access", "received_on": "2026-05-04"}
    return {"project": world.project.pk, "label": world.subject.label} | facts


def _terms(world: World) -> dict[str, Any]:
    until = timezone.localdate() + timedelta(days=90)
    return {"text": str(world.texts["consent"].pk), "purposes": ["sales_meeting"], "until": f"{until}"}


FIELDS: dict[Call, Callable[[World], dict[str, Any]]] = {
    ("account_change_password", "POST"): lambda _: PASSWORDS,
    ("account_reauthenticate", "POST"): lambda _: {"password": PASSWORD},
    ("invitation", "POST"): lambda _: WORDS,
    ("members", "POST"): lambda _: {"email": "new@example.org", "role": "viewer"},
    ("member", "POST"): lambda _: {"role": "viewer"},
    ("organisation-settings", "POST"): lambda _: {"name": "New name", "time_zone": "UTC"},
    ("project-new", "POST"): lambda _: {"name": "New project"},
    ("project-edit", "POST"): lambda _: {"name": "Changed"},
    ("project-use-new", "POST"): lambda _: {
        "purpose": "sales_meeting",
        "setting": "online_meeting",
        "region": "eu",
    },
    ("project-use-confirm", "POST"): lambda _: {"name": "R. Esponsible", "responsible": "on"},
    ("analysis:recording-subject", "POST"): lambda _: {"subject": "P-02"},
    ("consent", "POST"): lambda _: {"purposes": ["sales_meeting"], "signer": "Ada Example"},
    ("consent-own-rights", "POST"): lambda _: {"kind": "access"},
    ("text-new", "POST"): lambda _: {"kind": "notice", "language": "fr"},
    ("text-edit", "POST"): lambda _: {"title": "New", "body": "New"},
    ("consent-ask", "POST"): _terms,
    ("consent-record", "POST"): lambda world: (
        _terms(world)
        | {
            "signer": "Ada Example",
            "on": f"{timezone.localdate()}",
            "vouched": "on",
        }
    ),
    ("consent-notice", "POST"): lambda world: {
        "text": str(world.texts["notice"].pk),
        "way": "spoken",
        "on": "2026-05-04T10:00",
    },
    ("subjects", "POST"): lambda _: {"label": "New subject"},
    ("subject", "POST"): lambda _: {"label": "Changed"},
    ("rights-new", "POST"): _request_by_right,
    ("rights-request", "POST"): lambda _: {"outcome": "declined", "words": "Not the person"},
    ("rights-correct", "POST"): lambda world: {f"subject.{world.subject.pk}": "Corrected"},
    ("certificates", "POST"): lambda _: {"text": "{}"},
    ("retention-extend", "POST"): lambda world: {
        "row": str(world.due_date.pk),
        "until": f"{timezone.localdate() + timedelta(days=30):%Y-%m-%d}",
    },
    ("retention-publish", "POST"): lambda _: {"shows_retention": "on", "privacy_contact": "dpo@example.org"},
    ("retention-policy", "POST"): lambda _: {"days": "90", "counted_from": "upload"},
    ("project-retention-policy", "POST"): lambda _: {"days": "90", "counted_from": "upload"},
    ("hold-place", "POST"): lambda _: {"reason": "Case 12"},
    ("security-switch", "POST"): lambda _: {"required": "on"},
    ("sso-domains", "POST"): lambda _: {"name": "new.example"},
    ("sso-provider", "POST"): lambda _: PROVIDER,
    ("sso-start", "POST"): lambda _: {"email": "someone@nobody.example"},
    ("token-new", "POST"): lambda _: TOKEN,
    ("platform-organisation-new", "POST"): lambda _: {
        "name": "New",
        "time_zone": "UTC",
        "owner_email": "new@example.org",
    },
    ("platform-owner", "POST"): lambda _: {"email": "new@example.org"},
    ("platform-quotas", "POST"): lambda _: {"members": "100", "recordings": "", "gigabytes": ""},
    ("platform-suspend", "POST"): lambda _: {"reason": REASON},
    ("platform-close", "POST"): lambda world: {"reason": REASON, "confirmation": world.organisation.slug},
    ("platform-session-new", "POST"): lambda _: {"reason": REASON, "minutes": "60"},
    ("offboarding-leave", "POST"): lambda world: {"name": world.organisation.name, "downloaded": "on"},
    ("analysis:upload", "POST"): _video,
    ("analysis:upload-announce", "POST"): lambda world: {
        "project": world.project.pk,
        "file_name": "new.mp4",
        "size": 3,
    },
    ("analysis:upload-links", "POST"): lambda _: {"numbers": ["1"]},
    ("analysis:recording-neutral", "POST"): lambda _: {"start": "1", "end": "2"},
    ("analysis:run-people", "POST"): lambda _: {"role_1": "customer"},
    ("analysis:subject-cohort", "POST"): lambda _: COHORT,
    ("analysis:document-upload", "POST"): _text_file,
    ("reports:share", "POST"): lambda _: {"email": "new@example.org"},
    ("reports:review", "POST"): lambda _: REVIEW,
    ("sample", "POST"): lambda _: SAMPLE,
    ("sample-upload-announce", "POST"): lambda _: {"file_name": "new.mp4", "size": 3, "client_key": "new"},
    ("sample-upload", "POST"): lambda world: {"upload": _video(world)["uploads"]},
    ("sample-upload-links", "POST"): lambda _: {"numbers": ["1"]},
    ("sample-answer", "POST"): lambda _: {"answer": "A colleague of ours"},
    ("sample-open", "POST"): lambda _: {"code": CODE},
    ("desk-new", "POST"): lambda _: SAMPLE,
    ("desk-assign", "POST"): lambda world: {"owner": world.desk.colleague.pk},
    ("desk-tag", "POST"): lambda _: {"tags": "fair, pitch"},
    ("desk-ask", "POST"): lambda _: {"question": "Who is the second person?"},
    ("desk-note", "POST"): lambda _: {"note": "Have a look at the second minute."},
    ("desk-convert", "POST"): lambda world: {"owner_email": world.desk.sample.email},
    ("desk-decline", "POST"): lambda _: {"reason": "Nobody can be seen in it."},
}
"""What is sent, where something is; it is what would be done for whom it is allowed to."""


def _off(world: World) -> None:
    with tenant(world.pk):
        IdentityProvider.objects.update(enabled=False)


def _factors(world: World) -> None:
    for role in ("owner", "admin"):
        second_factor(world.people[role])


def _unrendered(world: World) -> None:
    with tenant(world.pk):
        Report.objects.filter(run=world.run).update(state=ReportState.FAILED)


def _unheld(world: World) -> None:
    with tenant(world.pk):
        LegalHold.objects.all().delete()


BEFORE: dict[Call, Callable[[World], None]] = {
    ("sso-provider-on", "POST"): _off,
    ("offboarding-leave", "GET"): _unheld,
    ("offboarding-leave", "POST"): _unheld,
    ("security-switch", "POST"): _factors,
    ("reports:render-again", "POST"): _unrendered,
    ("platform-reopen", "POST"): lambda world: world.turn(OrganisationState.SUSPENDED),
    ("sample-answer", "POST"): lambda world: world.desk.ask(),
    ("sample-code", "POST"): lambda world: world.desk.deliver(),
    ("sample-open", "POST"): lambda world: world.desk.deliver(),
    ("sample-report", "GET"): lambda world: world.desk.deliver(),
    ("desk-deliver", "POST"): lambda world: world.desk.sign(),
    ("desk-convert", "POST"): lambda world: world.desk.sign(),
}
"""What has to be so, that there is something to do."""

CHANGING_NOTHING: set[Call] = {
    ("account_logout", "POST"),  # ends a session
    ("account_reauthenticate", "POST"),  # is noted in the session
    ("account_email", "POST"),  # says nothing here
    ("usersessions_list", "POST"),  # ends other sessions, of which there are none
    ("audit-check", "POST"),  # reads the trail
}
"""Calls by POST that change no row, whoever sends them, and why."""
