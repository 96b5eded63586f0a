"""Organisations with one of everything, and every kind of person who may ask for it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from accounts import doors
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.consent import papers
from accounts.domain.offboarding import leaving
from accounts.domain.rights import copies
from accounts.domain.sso.providers import PURPOSE
from accounts.domain.sso.session import Confinement, mark
from accounts.enums import ErasureState, OffboardingState, OrganisationState, PlatformRole, Role, TextKind
from accounts.models import (
    ApiToken,
    Domain,
    Identity,
    IdentityProvider,
    Invitation,
    Membership,
    Organisation,
    StaffSession,
    User,
)
from analysis.domain import neutrals, objects
from analysis.engine.result import to_json
from analysis.enums import RunState
from analysis.models import Recording, Run
from echodepth import files
from echodepth.encryption import encrypt
from echodepth.storage.chosen import part_store
from echodepth.storage.parts import PART_SIZE
from echodepth.tenancy import tenant
from reports.domain.requests import report_key
from reports.enums import ReportState
from reports.models import Report
from tests import factories
from tests.support.consents import PDF, published
from tests.support.engines import asked_about, face
from tests.support.results import example_result
from tests.support.sign_in import prove_second_factor, reauthenticate, second_factor, signed_in

FRAMES = 600
ROLES = (Role.OWNER, Role.ADMIN, Role.ANALYST, Role.REVIEWER, Role.VIEWER, Role.GUEST)
STAFF = (PlatformRole.SUPPORT, PlatformRole.ADMIN)
UNWATCHED = {"AuditRecord", "AuditParty", "AuditHead", "AuditCheckpoint"}
"""Models that may change when somebody is refused: refusals and visits are recorded."""
ACCOUNT = (User, EmailAddress, Authenticator)
INVITATION_SECRET = "invitation-secret-of-{}"
CONSENT_SECRET = "secret-of-{}-consent-of-{}"


class World:
    """An organisation; `name` is in the name, title or address of everything of its own.

    `ids` are values for the parts of addresses, by the parts' names.
    """

    def __init__(self, slug: str, name: str, frames: Path, clip: Path) -> None:
        self.name, self.frames, self.clip = name, frames, clip
        self.organisation: Organisation = factories.OrganisationFactory(name=f"{name} Institute", slug=slug)
        self.pk = self.organisation.pk
        self.people: dict[str, User] = {}
        self.desk: Any = None
        """The sales desk (`tests.support.desk_world`), beside the organisation that is asked for."""
        self.ids: dict[str, Any] = {"organisation_slug": slug, "organisation_id": self.pk, "kind": "parquet"}
        self.ids |= {"no_number": 0, "csv": "csv", "number": 12}
        with tenant(self.pk):
            self._objects()
            self._members()
            self._doors()

    def _objects(self) -> None:
        project = factories.ProjectFactory(organisation=self.organisation, name=f"{self.name} project")
        subject = factories.SubjectFactory(project=project, label=f"{self.name} subject")
        empty = factories.ProjectFactory(organisation=self.organisation, name=f"{self.name} other project")
        self.project, self.subject = project, subject
        self.ids |= {"project_id": project.pk, "subject_id": subject.pk, "empty_project": empty.pk}
        training = factories.DeclarationFactory(
            project__organisation=self.organisation,
            project__name=f"{self.name} training",
            purpose="training_own",
            details=f"{self.name} trains",
        )
        self.ids |= {"training": training.project_id, "declaration_id": training.pk}
        run = self._scored(self._recording("interview"))
        self.run = run
        factories.ReviewFactory(
            report=Report.objects.get(run=run), name=f"{self.name} reviewer", remarks=f"{self.name} remarks"
        )
        neutrals.keep(run, factories.UserFactory(email=f"keeper@{self.name.lower()}.example"))
        running = factories.RunFactory(recording=self._recording("running"))
        self.ids |= {
            "run_id": run.pk,
            "recording_id": run.recording_id,
            "running": running.recording_id,
            "nameless_recording": self._recording("unknown", subject=None).pk,
            "failed_run": factories.RunFactory(
                recording=self._recording("broken"), state=RunState.FAILED, error_code="unreadable"
            ).pk,
            "other_run": self._scored(self._recording("second interview")).pk,
        }
        document = factories.DocumentFactory.build(
            project=project, title=f"{self.name} notes", original_name=f"{self.name}.txt", size=5
        )
        key = objects.document_key(self.pk, document.pk)
        document.storage_key = default_storage.save(key, ContentFile(self.name.encode()))
        document.save()
        self.ids["document_id"] = document.pk
        self._kept()
        self._requests()
        self._consents()

    def _kept(self) -> None:
        """Due dates of the recording and the document, and a hold on another project."""
        facts = {"organisation": self.organisation, "project": self.project, "due_at": timezone.now()}
        media = factories.RetentionFactory(object_id=self.run.recording_id, **facts)
        factories.RetentionFactory(
            object_id=self.ids["document_id"], kind="document", data_class="documents", **facts
        )
        hold = factories.LegalHoldFactory(
            organisation=self.organisation,
            kind="project",
            object_id=self.ids["empty_project"],
            reason=f"Case of {self.name}",
        )
        self.due_date = media
        self.ids |= {"hold_id": hold.pk, "held": "project", "object_id": self.project.pk}
        self.ids |= {"data_class": "media", "slug": self.organisation.slug}

    def _requests(self) -> None:
        """What the subject asks for by right; of one there is a copy."""
        for name, kind in (
            ("request_id", "access"),
            ("correction_request", "correction"),
            ("erasure_request", "erasure"),
        ):
            words = f"I am {self.name}"
            asked = factories.RightsRequestFactory(subject=self.subject, kind=kind, words=words)
            self.ids[name] = asked.pk
            if kind == "access":
                key = f"{copies.folder(self.pk, asked.pk)}/copy.zip"
                asked.export_key = default_storage.save(key, ContentFile(self.name.encode()))
                asked.save()

    def _consents(self) -> None:
        """Texts and drafts; a consent that is asked for, and one that was given on a form; a notice."""
        words = {"body": f"{self.name} analyses.\n"}
        self.texts = {kind: published(self.organisation, kind, **words) for kind in TextKind}
        for key, body in (("text_id", "[[fill in]]"), ("finished_draft", "Filled in.")):
            draft = factories.PrivacyTextFactory(
                organisation=self.organisation, title=f"{self.name} draft", body=body, published_at=None
            )
            self.ids[key] = draft.pk
        notice = self.texts[TextKind.NOTICE]
        factories.NoticeFactory(subject=self.subject, text=notice, way="link")
        facts = {"subject": self.subject, "text": self.texts[TextKind.CONSENT]}
        facts |= {
            "purposes": ["sales_meeting", "rendered_people"],
            "until": timezone.localdate() + timedelta(days=90),
        }
        asked, given = (CONSENT_SECRET.format(state, self.name) for state in ("asked", "given"))
        soon = timezone.now() + timedelta(hours=1)
        first = factories.ConsentFactory(token_hash=_sha256(asked), link_expires_at=soon, **facts)
        second = factories.ConsentFactory.build(token_hash=_sha256(given), state="given", **facts)
        second.signer, second.given_at = f"{self.name} signer", timezone.now()
        key = f"{papers.folder(self.pk, second.pk)}/form.pdf"
        second.form_key = default_storage.save(key, ContentFile(PDF + self.name.encode()))
        second.save()
        self.ids |= {"consent_id": first.pk, "given_consent": second.pk}
        self.ids |= {"consent_token": asked, "given_token": given}

    def _recording(self, title: str, **more: Any) -> Recording:
        facts = {"project": self.project, "subject": self.subject, "title": f"{self.name} {title}"} | more
        return stored_recording(**facts)

    def _scored(self, recording: Recording) -> Run:
        return scored_run(recording, self.frames)

    def _members(self) -> None:
        for role in ROLES:
            self.people[role] = self._member(role, role).user
        self.member = self._member("colleague", Role.ANALYST)
        self.ids |= {"membership_id": self.member.pk}
        upload = factories.UploadFactory(
            project=self.project, original_name=f"{self.name}.mp4", created_by=self.people[Role.OWNER]
        )
        self.ids["upload_id"] = upload.pk

    def _member(self, who: str, role: Role) -> Membership:
        user = factories.UserFactory(
            email=f"{who}@{self.name.lower()}.example", full_name=f"{self.name} {who}"
        )
        guest_of = self.run.pk if role == Role.GUEST else None
        return factories.MembershipFactory(
            organisation=self.organisation, user=user, role=role, guest_of=guest_of
        )

    def _doors(self) -> None:
        """What lets people in: an invitation, a token, single sign-on, a staff session, a link."""
        soon = timezone.now() + timedelta(hours=1)
        secret = INVITATION_SECRET.format(self.name)
        invitation = Invitation.objects.create(
            organisation=self.organisation,
            email=f"invited@{self.name.lower()}.example",
            role=Role.VIEWER,
            token_hash=_sha256(secret),
            expires_at=soon,
        )
        token = ApiToken.objects.create(
            organisation=self.organisation,
            membership=Membership.objects.get(user=self.people[Role.ADMIN]),
            name=f"{self.name} token",
            scopes=["read"],
            prefix="ed_1",
            token_hash=_sha256(f"token of {self.name}"),
            expires_at=soon,
        )
        domain = Domain.objects.create(
            organisation=self.organisation,
            name=f"{self.name.lower()}.example",
            secret="x" * 32,
            proven_at=timezone.now(),
        )
        provider = IdentityProvider.objects.create(
            organisation=self.organisation,
            name=f"{self.name} provider",
            issuer=f"https://{self.name.lower()}.example",
            client_id="client",
            client_secret=encrypt("secret", PURPOSE),
            role=Role.VIEWER,
            enabled=True,
        )
        self.provider = provider
        identity = Identity.objects.create(
            organisation=self.organisation, provider=provider, subject="1", user=self.member.user
        )
        claimed = Domain.objects.create(
            organisation=self.organisation, name=f"mail.{self.name.lower()}.example", secret="x" * 32
        )
        session = StaffSession.objects.create(
            organisation=self.organisation,
            user=factories.UserFactory(platform_role=PlatformRole.SUPPORT, full_name=f"{self.name} helper"),
            reason=f"{self.name} ticket",
            ends_at=soon,
        )
        link = files.link("document", self.ids["document_id"])
        store, media = part_store(), f"{self.pk}/recordings/new/media"
        part = store.link(media, store.begin(media, PART_SIZE), 1, len("{}")).url
        self.ids |= {
            "invitation_id": invitation.pk,
            "invitation_token": secret,
            "token_id": token.pk,
            "domain_id": domain.pk,
            "claimed_domain": claimed.pk,
            "identity_id": identity.pk,
            "session_id": session.pk,
            "entered_session": session.pk,
            "file_token": link.removeprefix("/files/").removesuffix("/"),
            "part_token": part.removeprefix("/parts/").removesuffix("/"),
        }
        self._leaving()

    def _leaving(self) -> None:
        """Everything was put together to be taken along; and something was erased, with a certificate."""
        row = factories.OffboardingFactory(
            organisation=self.organisation, state=OffboardingState.READY, ready_at=timezone.now()
        )
        key = default_storage.save(f"{self.pk}/offboarding/{row.pk}/1.zip", ContentFile(b"PK"))
        part = factories.OffboardingPartFactory(offboarding=row, number=1, storage_key=key)
        with tenant(self.pk):
            record(AuditAction.OFFBOARDING_TAKEN, self.organisation, part=1)
        certificate = factories.CertificateFactory(
            erasure__organisation=self.organisation, erasure__state=ErasureState.DONE
        )
        link = leaving.receipt(certificate.erasure)
        self.ids |= {"part_id": part.pk, "receipt": link.removeprefix("/left/").removesuffix("/")}
        self.ids["erasure_id"] = certificate.erasure_id

    def enter(self, role: PlatformRole) -> User:
        """Somebody of the platform in an open staff session."""
        user = staff(role)
        with tenant(self.pk):
            session = factories.StaffSessionFactory(organisation=self.organisation, user=user)
        self.ids["entered_session"] = session.pk
        return user

    def turn(self, state: OrganisationState) -> None:
        self.organisation.state = state
        with tenant(self.pk):
            self.organisation.save(update_fields=["state"])

    def everything(self) -> list[list[tuple[Any, ...]]]:
        """Every row of the organisation, but for the audit trail; on SQLite those of all organisations."""
        return everything_of(self.pk)


def stored_recording(**facts: Any) -> Recording:
    """With its file, inside the organisation's scope."""
    recording: Recording = factories.RecordingFactory.build(**facts)
    key = objects.recording_key(recording.organisation_id, recording.pk)
    recording.storage_key = default_storage.save(key, ContentFile(b"media"))
    recording.save()
    return recording


def scored_run(recording: Recording, frames: Path) -> Run:
    """One that is done, with its result and a draft of its report."""
    run: Run = factories.RunFactory(recording=recording, state=RunState.DONE, people=asked_about(face(1)))
    folder = f"{objects.run_folder(run.organisation_id, run.pk)}/1"
    run.frames_key = objects.store(f"{folder}/frames.parquet", frames)
    text = to_json(example_result(FRAMES))
    run.result_key = default_storage.save(f"{folder}/result.json", ContentFile(text.encode()))
    run.save()
    report = factories.ReportFactory(run=run, state=ReportState.READY, pages=1, sha256="ab" * 32)
    key = report_key(run.organisation_id, report.pk, 1)
    report.storage_key = default_storage.save(key, ContentFile(b"%PDF-1.7"))
    report.save()
    return run


def everything_of(organisation_id: UUID) -> list[list[tuple[Any, ...]]]:
    with tenant(organisation_id):
        return _rows(model for model in tenant_models() if model.__name__ not in UNWATCHED)


def accounts() -> list[list[tuple[Any, ...]]]:
    """Everybody's account, whatever proves whose it is included, and which organisations there are."""
    return [*_rows(ACCOUNT), doors.ORGANISATIONS.open()]


def _rows(models: Iterable[type[Model]]) -> list[list[tuple[Any, ...]]]:
    """All that can be seen of these tables, without when something was last used."""
    found = []
    with connection.cursor() as cursor:
        for model in models:
            fields = [field for field in model._meta.concrete_fields if not field.name.startswith("last_")]
            columns = ", ".join(f'"{field.column}"' for field in fields)
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(f'SELECT {columns} FROM "{table}" ORDER BY "{key}"')  # noqa: S608 - our own names
            found.append(cursor.fetchall())
    return found


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def staff(role: PlatformRole) -> User:
    """Somebody of the platform, with the second factor that a staff session asks for."""
    user: User = factories.UserFactory(platform_role=role)
    second_factor(user)
    return user


def tenant_models() -> Iterator[type[Model]]:
    """Models whose rows belong to an organisation."""
    for app in ("accounts", "analysis", "reports"):
        for model in apps.get_app_config(app).get_models():
            names = {field.name for field in model._meta.get_fields()}
            if model is Organisation or "organisation" in names:
                yield model


def client_of(user: User) -> Client:
    """Signed in a moment ago; platform staff with a second factor."""
    client = signed_in(user)
    reauthenticate(client)
    if user.is_staff:
        prove_second_factor(client)
    return client


def by_sso(here: World, there: World) -> Client:
    """An owner here, in a session that the other organisation's provider vouched for."""
    user = here.people[Role.OWNER]
    with tenant(there.pk):
        Identity.objects.create(
            organisation=there.organisation, provider=there.provider, subject="2", user=user
        )
    client = client_of(user)
    session = client.session
    mark(session, Confinement(there.pk, there.provider.pk))
    session.save()
    return client


def one_factor(here: World) -> Client:
    """An owner without a second factor, where the organisation requires one."""
    here.organisation.require_mfa = True
    with tenant(here.pk):
        here.organisation.save(update_fields=["require_mfa"])
    return client_of(here.people[Role.OWNER])


def of_state(here: World, state: OrganisationState) -> Client:
    """An owner, of an organisation that is suspended or closed."""
    here.turn(state)
    return client_of(here.people[Role.OWNER])


PEOPLE: dict[str, Callable[[World, World], Client]] = {
    "anonymous": lambda _here, _there: Client(),
    "stranger": lambda _here, there: client_of(there.people[Role.OWNER]),
    **{role.value: lambda here, _there, role=role: client_of(here.people[role]) for role in ROLES},
    "staff": lambda _here, _there: client_of(staff(PlatformRole.ADMIN)),
    "sales": lambda _here, _there: client_of(staff(PlatformRole.SALES)),
    **{f"{role.value}-in": lambda here, _there, role=role: client_of(here.enter(role)) for role in STAFF},
    "suspended": lambda here, _there: of_state(here, OrganisationState.SUSPENDED),
    "closed": lambda here, _there: of_state(here, OrganisationState.CLOSED),
    "by-sso": by_sso,
    "one-factor": lambda here, _there: one_factor(here),
}
"""Kind of person -> the browser of one of them, who asks the first organisation for something."""


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened; nobody's attempts are counted either."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
