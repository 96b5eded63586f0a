"""The way from an address to an object; what a person may not know of is not there."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from accounts.models import Membership, Organisation, Project, Subject, User


def access_organisation(user: User | AnonymousUser, slug: str) -> tuple[Organisation, Membership]:
    """The organisation and the person's membership in it.

    Raises Http404 where the organisation is missing and, in the same words, where the person is no member.
    """
    if isinstance(user, User):
        membership = (
            Membership.objects.select_related("organisation")
            .filter(user=user, organisation__slug=slug)
            .first()
        )
        if membership:
            return membership.organisation, membership
    raise Http404


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


def access_membership(organisation: Organisation, membership_id: int) -> Membership:
    """A member of this organisation; Http404 where there is none."""
    membership = (
        Membership.objects.select_related("user").filter(organisation=organisation, pk=membership_id).first()
    )
    if membership is None:
        raise Http404
    return membership
