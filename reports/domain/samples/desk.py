"""Setting up the sales desk: its organisation, the texts that people are shown, and the sample report."""

from django.db import transaction

from accounts import doors
from accounts.domain.consent import texts
from accounts.domain.consent.templates import LANGUAGE
from accounts.domain.organisations import create_organisation
from accounts.domain.projects import add_subject, create_project
from accounts.enums import SubjectRole, TextKind
from accounts.models import Organisation, Project
from analysis.domain import demonstration
from analysis.models import Recording
from echodepth.tenancy import tenant
from reports.domain.samples import desk_texts, example


def prepare(name: str, contact: str, time_zone: str) -> tuple[Organisation, bool]:
    """The desk, ready to take requests, and whether it was made now. What is there already stays as it is.

    `contact` is an e-mail address or telephone number that people in recordings are told. The recording of
    the sample report is analysed like any other.
    """
    with transaction.atomic():
        organisation, is_new = _organisation(name, contact, time_zone)
        with tenant(organisation.pk):
            for kind in TextKind:
                _publish(organisation, kind, name, contact)
            _demonstrate(organisation)
    return organisation, is_new


def _organisation(name: str, contact: str, time_zone: str) -> tuple[Organisation, bool]:
    rows = doors.DESK_KEPT.open()
    if rows:
        with tenant(rows[0][0]):
            return Organisation.objects.get(pk=rows[0][0]), False
    made = create_organisation(name, time_zone)
    made.is_desk, made.privacy_contact = True, contact
    with tenant(made.pk):
        made.save(update_fields=["is_desk", "privacy_contact"])
    return made, True


def _publish(organisation: Organisation, kind: TextKind, name: str, contact: str) -> None:
    if texts.current(kind).exists():
        return
    draft = texts.begin(organisation, kind, LANGUAGE, None)
    texts.change(draft, *desk_texts.filled(kind, name, contact))
    texts.publish(draft)


def _demonstrate(organisation: Organisation) -> None:
    project = Project.objects.filter(name=example.PROJECT).order_by("created_at", "pk").first()
    if project is None:
        project = create_project(organisation, example.PROJECT)
        add_subject(project, "Speaker 1", SubjectRole.SPEAKER)
    if not Recording.objects.filter(project=project).exists():
        demonstration.load(project, None)
