"""The way from an address to an object; what a person may not know of is not there."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from accounts import doors
from accounts.actor import Actor
from accounts.domain.tokens import seen_by
from accounts.enums import PlatformRole, Role
from accounts.models import (
    ApiToken,
    Certificate,
    Consent,
    Declaration,
    Erasure,
    Invitation,
    LegalHold,
    Membership,
    OffboardingPart,
    Organisation,
    PrivacyText,
    Project,
    RightsRequest,
    StaffSession,
    Subject,
    User,
)
from accounts.permissions import Permissions
from echodepth.tenancy import tenant


def access_organisation(user: User | AnonymousUser, slug: str) -> Actor:
    """The person as a member of the organisation, at the sales desk, or as staff with an open session there.

    Raises Http404 where the organisation is missing and, in the same words, where the person is neither.
    """
    if isinstance(user, User) and user.is_active:
        actor = _member(user, slug) or _at_desk(user, slug) or _staff(user, slug)
        if actor:
            return actor
    raise Http404


def _member(user: User, slug: str) -> Actor | None:
    rows = doors.MEMBERSHIP_IN.open(user_id=user.pk, slug=slug)
    if not rows:
        return None
    with tenant(rows[0][0]):
        membership: Membership = Membership.objects.select_related("organisation").get(user=user)
    return Actor(user, membership.organisation, Permissions(Role(membership.role)), membership)


def _at_desk(user: User, slug: str) -> Actor | None:
    if not user.works_at_desk:
        return None
    rows = [organisation_id for organisation_id, named in doors.DESK.open() if named == slug]
    if not rows:
        return None
    can = Permissions(PlatformRole(user.platform_role), at_desk=True)
    return Actor(user, access_tenant(rows[0]), can)


def _staff(user: User, slug: str) -> Actor | None:
    if not user.opens_sessions:
        return None
    rows = doors.STAFF_SESSION_IN.open(user_id=user.pk, slug=slug, now=timezone.now())
    if not rows:
        return None
    organisation_id, session_id = rows[0]
    with tenant(organisation_id):
        session: StaffSession = StaffSession.objects.select_related("organisation").get(pk=session_id)
    can = Permissions(PlatformRole(user.platform_role))
    return Actor(user, session.organisation, can, staff_session=session)


def access_project(project_id: UUID) -> Project:
    """The project of the organisation in scope; Http404 where there is none."""
    project: Project | None = Project.objects.filter(pk=project_id).first()
    if project is None:
        raise Http404
    return project


def access_subject(project_id: UUID, subject_id: UUID) -> Subject:
    """The project's subject, with its project; Http404 where the organisation in scope has none."""
    found = Subject.objects.select_related("project").filter(project=project_id, pk=subject_id)
    subject: Subject | None = found.first()
    if subject is None:
        raise Http404
    return subject


def access_consent(subject: Subject, consent_id: UUID) -> Consent:
    """One of the subject's consents, with its text; Http404 where the subject has none."""
    found = Consent.objects.select_related("text", "subject__organisation")
    consent: Consent | None = found.filter(subject=subject, pk=consent_id).first()
    if consent is None:
        raise Http404
    return consent


def access_text(text_id: UUID) -> PrivacyText:
    """A version of a text of the organisation in scope; Http404 where there is none."""
    text: PrivacyText | None = PrivacyText.objects.filter(pk=text_id).first()
    if text is None:
        raise Http404
    return text


def access_erasure(erasure_id: UUID) -> Erasure:
    """An erasure of the organisation in scope; Http404 where there is none."""
    found = Erasure.objects.select_related("asked_by", "certificate").filter(pk=erasure_id)
    erasure: Erasure | None = found.first()
    if erasure is None:
        raise Http404
    return erasure


def access_certificate(erasure_id: UUID) -> Certificate:
    """The certificate of an erasure that is done; Http404 where there is none."""
    certificate: Certificate | None = Certificate.objects.filter(erasure=erasure_id).first()
    if certificate is None:
        raise Http404
    return certificate


def access_declaration(project_id: UUID, declaration_id: UUID) -> Declaration:
    """The project's declaration, current or past, with its project; Http404 where there is none."""
    found = Declaration.objects.select_related("project").filter(project=project_id, pk=declaration_id)
    declaration: Declaration | None = found.first()
    if declaration is None:
        raise Http404
    return declaration


def access_membership(membership_id: int) -> Membership:
    """A member of the organisation in scope, with its user; Http404 where there is none."""
    found = Membership.objects.select_related("user").filter(pk=membership_id)
    membership: Membership | None = found.first()
    if membership is None:
        raise Http404
    return membership


def access_invitation(invitation_id: UUID) -> Invitation:
    """An invitation that nobody has accepted and nobody withdrew; Http404 where there is none."""
    found = Invitation.objects.waiting().filter(pk=invitation_id)
    invitation: Invitation | None = found.first()
    if invitation is None:
        raise Http404
    return invitation


def access_token(actor: Actor, token_id: UUID) -> ApiToken:
    """An API token that the actor may see, with its owner; Http404 where there is none."""
    token: ApiToken | None = seen_by(actor).filter(pk=token_id).first()
    if token is None:
        raise Http404
    return token


def access_tenant(organisation_id: UUID) -> Organisation:
    """Any organisation, in any state, for the platform's pages; Http404 where there is none."""
    with tenant(organisation_id):
        organisation: Organisation | None = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise Http404
    return organisation


def access_staff_session(session_id: UUID) -> StaffSession:
    """A staff session, past or open, of the organisation in scope; Http404 where there is none."""
    found = StaffSession.objects.select_related("user", "organisation").filter(pk=session_id)
    session: StaffSession | None = found.first()
    if session is None:
        raise Http404
    return session


def access_own_staff_session(user: User, organisation_id: UUID, session_id: UUID) -> StaffSession:
    """The person's own staff session in an organisation; Http404 where there is none."""
    with tenant(organisation_id):
        session = access_staff_session(session_id)
    if session.user_id != user.pk:
        raise Http404
    return session


def access_rights_request(request_id: UUID) -> RightsRequest:
    """What a person asked for by right, with the person; Http404 where the organisation in scope has none."""
    found = RightsRequest.objects.select_related("subject__project").filter(pk=request_id)
    request: RightsRequest | None = found.first()
    if request is None:
        raise Http404
    return request


def access_offboarding_part(part_id: UUID) -> OffboardingPart:
    """A file in which the organisation in scope takes everything along; Http404 where there is none."""
    part: OffboardingPart | None = OffboardingPart.objects.filter(pk=part_id).first()
    if part is None:
        raise Http404
    return part


def access_hold(hold_id: UUID) -> LegalHold:
    """A legal hold of the organisation in scope, in force or over; Http404 where there is none."""
    hold: LegalHold | None = LegalHold.objects.filter(pk=hold_id).first()
    if hold is None:
        raise Http404
    return hold
