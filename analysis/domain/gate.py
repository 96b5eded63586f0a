"""What an analysis waits for: nothing is analysed without what the project's declaration requires."""

from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actor import current_actor
from accounts.domain.consent import standing
from accounts.domain.lawful import declarations
from accounts.domain.lawful.missing import Missing
from accounts.enums import SubjectRole, UseState
from accounts.models import Declaration, Project, Subject
from accounts.permissions import Action
from analysis.models import Recording
from echodepth.errors import UserError, Way

_OF_A_PERSON = ("consent", "notice", "roles")


def missing(recording: Recording, declaration: Declaration | None = None) -> list[Missing]:
    """What keeps this recording from being analysed, in the order in which to see to it; empty: nothing.

    `declaration` is the project's current one, which is looked up where it is not given.
    """
    declaration = declaration or declarations.current(recording.project)
    found = of_project(recording.project, declaration)
    if declaration is None or any(one.code == "use_refused" for one in found):
        return found
    return found + _of_subject(recording, declaration)


def of_project(project: Project, declaration: Declaration | None) -> list[Missing]:
    """What keeps every recording of the project from being analysed, whoever is in it."""
    page = _page(Action.MANAGE_PROJECTS, "project-use-new", project.pk)
    if declaration is None:
        sentence = _("Nobody has declared yet what this project's recordings are analysed for. Declare it.")
        return [Missing("declaration_missing", sentence, page)]
    if declaration.state == UseState.REFUSED:
        return [
            Missing(
                "use_refused",
                _("This product refuses the declared use. The declaration says why, and from which source."),
                _page(Action.VIEW, "project-use", project.pk),
            )
        ]
    if declarations.is_outdated(declaration):
        sentence = _("The rules changed since this use was declared, and say something else of it now.")
        return [Missing("declaration_outdated", sentence, page)]
    if declaration.state == UseState.UNCONFIRMED:
        sentence = _("A responsible person must confirm the declared use by name.")
        return [Missing("use_unconfirmed", sentence, _page(Action.CONFIRM_USE, "project-use", project.pk))]
    return []


class MissingError(UserError):
    """Something is missing that the declaration requires; the first of it gives code and sentence."""

    def __init__(self, recording: Recording, found: list[Missing]) -> None:
        self.missing = found
        page = _page(Action.VIEW, "analysis:recording", recording.pk)
        super().__init__(
            found[0].code,
            found[0].sentence,
            status=409,
            heading=_("Something is missing before this can be analysed"),
            way=Way(_("See what is missing"), page) if page else None,
            facts={"missing": [{"code": one.code, "detail": str(one.sentence)} for one in found]},
        )


def codes(found: list[Missing]) -> str:
    """As the audit trail has them."""
    return ",".join(one.code for one in found)


class Asked:
    """What is missing of many recordings, asked once for each project and subject: it is the same for all."""

    def __init__(self) -> None:
        self._declarations: dict[UUID, Declaration | None] = {}
        self._missing: dict[tuple[UUID, UUID | None], list[Missing]] = {}

    def declaration(self, project: Project) -> Declaration | None:
        if project.pk not in self._declarations:
            self._declarations[project.pk] = declarations.current(project)
        return self._declarations[project.pk]

    def missing(self, recording: Recording) -> list[Missing]:
        """Of a recording without subject the first one's page stands for all of them."""
        key = (recording.project_id, recording.subject_id)
        if key not in self._missing:
            self._missing[key] = missing(recording, self.declaration(recording.project))
        return self._missing[key]


def check(recording: Recording) -> Declaration:
    """The declaration under which the recording may be analysed now, which nobody changes meanwhile.

    Raises MissingError. To be called in a transaction: whoever changes what may be analysed waits for its
    end, and settles then what came of it. The recording's person, and whether it is still there, are read
    anew into `recording`: somebody may have changed either before the lock.
    """
    lock(recording.project_id)
    recording.refresh_from_db(fields=["subject", "storage_key"])
    declaration = declarations.current(recording.project)
    found = missing(recording, declaration)
    if found or declaration is None:
        raise MissingError(recording, found)
    return declaration


def lock(project_id: UUID) -> None:
    """Until the transaction ends, what may be analysed in the project stays as it is seen."""
    Project.objects.select_for_update(no_key=True).get(pk=project_id)


def _of_subject(recording: Recording, declaration: Declaration) -> list[Missing]:
    subject = recording.subject
    if subject is None:
        if not any(declarations.requires(declaration, what) for what in _OF_A_PERSON):
            return []
        sentence = _("It is not said who is in the recording. Choose the subject.")
        return [
            Missing("subject_missing", sentence, _page(Action.UPLOAD, "analysis:recording", recording.pk))
        ]
    page = _page(Action.MANAGE_PROJECTS, "subject", subject.project_id, subject.pk)
    return [*_role_missing(subject, declaration, page), *_owed(subject, declaration, page)]


def _role_missing(subject: Subject, declaration: Declaration, page: str) -> list[Missing]:
    """One who is not known to have a role that may be analysed would be left out: that helps nobody."""
    if not declarations.requires(declaration, "roles") or subject.role != SubjectRole.UNKNOWN:
        return []
    return [Missing("role_missing", _("It is not said what the subject is to you. Choose the role."), page)]


def _owed(subject: Subject, declaration: Declaration, page: str) -> list[Missing]:
    return [one if one.url else replace(one, url=page) for one in standing.missing(subject, declaration)]


def _page(action: Action, name: str, *keys: object) -> str:
    """Path of a page in the organisation of whoever acts; empty where they may not do it."""
    actor = current_actor()
    if actor is None or not actor.may(action):
        return ""
    return reverse(name, args=[actor.organisation.slug, *keys])
