"""Projects and their subjects; all of it inside an organisation's scope."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Project, Subject
from echodepth.errors import UserError


def create_project(organisation: Organisation, name: str, description: str = "") -> Project:
    project: Project = Project.objects.create(organisation=organisation, name=name, description=description)
    return project


def change_project(project: Project, name: str, description: str) -> None:
    project.name = name
    project.description = description
    project.save(update_fields=["name", "description"])


def labelled(project: Project, label: str) -> "QuerySet[Subject]":
    """The project's subject of this label, in upper or lower case as the database knows them; one or none."""
    found: QuerySet[Subject] = Subject.objects.filter(project=project)
    return found.alias(lower_label=Lower("label")).filter(lower_label=Lower(Value(label)))


def add_subject(project: Project, label: str) -> Subject:
    """Raises UserError `label_taken`."""
    subject = Subject(organisation_id=project.organisation_id, project=project, label=label)
    _save_subject(subject)
    return subject


def rename_subject(subject: Subject, label: str) -> None:
    """Raises UserError `label_taken`."""
    subject.label = label
    _save_subject(subject)


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
