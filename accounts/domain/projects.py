"""Projects and their subjects; all of it inside an organisation's scope."""

from accounts.models import Organisation, Project, Subject


def create_project(organisation: Organisation, name: str, description: str = "") -> Project:
    project: Project = Project.objects.create(organisation=organisation, name=name, description=description)
    return project


def change_project(project: Project, name: str, description: str) -> None:
    project.name = name
    project.description = description
    project.save(update_fields=["name", "description"])


def add_subject(project: Project, label: str) -> Subject:
    subject: Subject = Subject.objects.create(
        organisation_id=project.organisation_id, project=project, label=label
    )
    return subject


def rename_subject(subject: Subject, label: str) -> None:
    subject.label = label
    subject.save(update_fields=["label"])
