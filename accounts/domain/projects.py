"""Projects and their subjects; all of it inside an organisation's scope."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.announcements import standing_changed
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.enums import SubjectRole
from accounts.models import Organisation, Project, Subject
from echodepth.errors import UserError


@transaction.atomic
def create_project(organisation: Organisation, name: str, description: str = "") -> Project:
    project: Project = Project.objects.create(organisation=organisation, name=name, description=description)
    record(AuditAction.PROJECT_CREATED, project)
    return project


@transaction.atomic
def change_project(project: Project, name: str, description: str) -> None:
    project.name = name
    project.description = description
    project.save(update_fields=["name", "description"])
    record(AuditAction.PROJECT_CHANGED, project)


def labelled(project: Project, label: str) -> "QuerySet[Subject]":
    """The project's subject of this label, in upper or lower case as the database knows them; one or none."""
    found: QuerySet[Subject] = Subject.objects.filter(project=project)
    return found.alias(lower_label=Lower("label")).filter(lower_label=Lower(Value(label)))


@transaction.atomic
def add_subject(project: Project, label: str, role: SubjectRole = SubjectRole.UNKNOWN) -> Subject:
    """Raises UserError `label_taken`."""
    subject = Subject(organisation_id=project.organisation_id, project=project, label=label, role=role)
    _save_subject(subject)
    record(AuditAction.SUBJECT_CREATED, subject)
    return subject


@transaction.atomic
def rename_subject(subject: Subject, label: str) -> None:
    """Raises UserError `label_taken`."""
    subject.label = label
    _save_subject(subject)
    record(AuditAction.SUBJECT_CHANGED, subject, renamed=True)


@transaction.atomic
def set_role(subject: Subject, role: SubjectRole) -> None:
    """Say what the person is to the organisation, on which it depends whether they are analysed."""
    if subject.role == role:
        return
    subject.role = role
    subject.save(update_fields=["role"])
    standing_changed.send(Subject, project_id=subject.project_id, subject_id=subject.pk)
    record(AuditAction.SUBJECT_CHANGED, subject, role=str(role))


def find_or_add_subject(project: Project, label: str) -> Subject:
    """The project's subject of this label, made when there is none; of two who ask at once, one makes it."""
    known = labelled(project, label).first()
    if known:
        return known
    try:
        return add_subject(project, label)
    except UserError:
        return labelled(project, label).get()


def _save_subject(subject: Subject) -> None:
    try:
        with transaction.atomic():
            subject.save()
    except IntegrityError as error:
        if not labelled(subject.project, subject.label).exclude(pk=subject.pk).exists():
            raise
        raise UserError(
            "label_taken", _("This project has a subject with this label already."), status=409
        ) from error
