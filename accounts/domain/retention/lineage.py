"""Which object lies under which, told by each app: a hold on what lies above holds what is below."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from accounts.models import Consent, Organisation, Project, RightsRequest, Subject
from echodepth.tenancy import current_tenant

Thing = tuple[str, UUID]
"""Kind and id, such as `("recording", ...)`."""


class Shown(NamedTuple):
    """How a list of objects shows one."""

    title: str
    url_name: str
    arguments: dict[str, UUID]
    """Of the address, beside the organisation's slug."""


Related = Callable[[UUID], Iterable[Thing]]
Describe = Callable[[list[UUID]], dict[UUID, Shown]]


@dataclass(frozen=True, slots=True)
class Kind:
    parents: Related
    describe: Describe
    children: list[Related] = field(default_factory=list)


_kinds: dict[str, Kind] = {}


def _none(_object_id: UUID) -> list[Thing]:
    return []


def _undescribed(_ids: list[UUID]) -> dict[UUID, Shown]:
    return {}


def organisation_in_scope() -> UUID:
    """Raises LookupError outside of a tenant's scope."""
    found = current_tenant()
    if found is None:
        raise LookupError
    return found


def register(kind: str, *, parents: Related, describe: Describe = _undescribed) -> None:
    """Called by each app when it is ready; both are asked in the organisation's scope.

    What is gone has no parents, and is described by nobody.
    """
    _kinds[kind] = Kind(parents, describe)


def add_children(kind: str, children: Related) -> None:
    """What of this app lies under a kind that was registered, and has due dates."""
    if children not in _kinds[kind].children:
        _kinds[kind].children.append(children)


def ancestors(kind: str, object_id: UUID) -> list[Thing]:
    """What the object lies under, nearest first, up to the organisation; not the object itself."""
    return _walk([(kind, object_id)], lambda known: [known.parents])


def descendants(kind: str, object_id: UUID) -> list[Thing]:
    """What lies under the object and may have a due date of its own; not the object itself."""
    return _walk([(kind, object_id)], lambda known: known.children)


def around(kind: str, object_id: UUID) -> set[Thing]:
    """The object, what lies under it, and what each of these lies under: each asked for once."""
    below = [(kind, object_id), *descendants(kind, object_id)]
    return {*below, *_walk(below, lambda known: [known.parents])}


def describe(things: Iterable[Thing]) -> dict[Thing, Shown]:
    """How each is shown that is there; one query a kind."""
    ids: dict[str, list[UUID]] = {}
    for kind, object_id in things:
        ids.setdefault(kind, []).append(object_id)
    return {
        (kind, object_id): shown
        for kind, of_kind in ids.items()
        if kind in _kinds
        for object_id, shown in _kinds[kind].describe(of_kind).items()
    }


def _walk(starts: list[Thing], ways: Callable[[Kind], list[Related]]) -> list[Thing]:
    found: dict[Thing, None] = {}
    waiting = list(starts)
    while waiting:
        kind, object_id = waiting.pop(0)
        known = _kinds.get(kind)
        near = [thing for way in (ways(known) if known else []) for thing in way(object_id)]
        fresh = [thing for thing in near if thing not in found]
        found |= dict.fromkeys(fresh)
        waiting += fresh
    return list(found)


def _subject_of(model: type[Consent | RightsRequest]) -> Related:
    def parents(object_id: UUID) -> list[Thing]:
        ids = model.objects.filter(pk=object_id).exclude(subject=None).values_list("subject", flat=True)
        return [("subject", subject_id) for subject_id in ids]

    return parents


def _project_of_subject(object_id: UUID) -> list[Thing]:
    ids = Subject.objects.filter(pk=object_id).values_list("project", flat=True)
    return [("project", project_id) for project_id in ids]


def _organisation_of_project(object_id: UUID) -> list[Thing]:
    ids = Project.objects.filter(pk=object_id).values_list("organisation", flat=True)
    return [("organisation", organisation_id) for organisation_id in ids]


def _subjects(ids: list[UUID]) -> dict[UUID, Shown]:
    return {
        subject.pk: Shown(
            subject.label, "subject", {"project_id": subject.project_id, "subject_id": subject.pk}
        )
        for subject in Subject.objects.filter(pk__in=ids)
    }


def _consents(ids: list[UUID]) -> dict[UUID, Shown]:
    """By the person's label; the address is the page of their consents."""
    rows = Consent.objects.filter(pk__in=ids).values_list(
        "pk", "subject", "subject__project", "subject__label"
    )
    return {
        key: Shown(label, "subject-consent", {"project_id": project, "subject_id": subject})
        for key, subject, project, label in rows
    }


def _requests(ids: list[UUID]) -> dict[UUID, Shown]:
    rows = RightsRequest.objects.filter(pk__in=ids).exclude(subject=None)
    return {
        key: Shown(label, "rights-request", {"request_id": key})
        for key, label in rows.values_list("pk", "subject__label")
    }


def _projects(ids: list[UUID]) -> dict[UUID, Shown]:
    return {
        project.pk: Shown(project.name, "project-retention", {"project_id": project.pk})
        for project in Project.objects.filter(pk__in=ids)
    }


def _organisations(ids: list[UUID]) -> dict[UUID, Shown]:
    found = Organisation.objects.filter(pk__in=[each for each in ids if each == current_tenant()])
    return {organisation.pk: Shown(organisation.name, "retention", {}) for organisation in found}


register("organisation", parents=_none, describe=_organisations)
register("project", parents=_organisation_of_project, describe=_projects)
register("subject", parents=_project_of_subject, describe=_subjects)
register("consent", parents=_subject_of(Consent), describe=_consents)
register("rights_request", parents=_subject_of(RightsRequest), describe=_requests)
