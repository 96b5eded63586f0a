"""Uses as they are declared for projects; all of it inside an organisation's scope."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.announcements import standing_changed
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.lawful import rules
from accounts.domain.lawful.rules import Outcome, UnknownChoiceError
from accounts.enums import SubjectRole, UseState
from accounts.models import Declaration, Project, User
from echodepth.errors import UserError


def current(project: Project) -> Declaration | None:
    """The project's declaration; None where nobody declared anything."""
    found: Declaration | None = Declaration.objects.filter(project=project, ended_at=None).first()
    return found


def of_all(projects: Iterable[Project]) -> list[tuple[Project, Declaration | None]]:
    """Each with its current declaration; one query for all."""
    listed = list(projects)
    found = Declaration.objects.filter(project__in=[project.pk for project in listed], ended_at=None)
    by_project = {declaration.project_id: declaration for declaration in found}
    return [(project, by_project.get(project.pk)) for project in listed]


def history(project: Project) -> list[Declaration]:
    """Newest first, with who declared and who confirmed."""
    found = Declaration.objects.filter(project=project).select_related("declared_by", "confirmed_by")
    return list(found)


@transaction.atomic
def declare(
    project: Project,
    user: User | None,
    *,
    purpose: str,
    setting: str,
    region: str,
    people: Iterable[str] = (),
    details: str = "",
) -> Declaration:
    """Judge the use by the rules and keep it, refused ones too; the declaration before it ends.

    Raises UserError `unknown_choice`. What waits for it begins, where the use is allowed at once.
    """
    named = sorted(set(people))
    outcome = _judged(purpose, setting, region, named)
    # Of two who declare at once, the second ends the first one's.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    Declaration.objects.filter(project=project, ended_at=None).update(ended_at=timezone.now())
    made: Declaration = Declaration.objects.create(
        organisation_id=project.organisation_id,
        project=project,
        purpose=purpose,
        setting=setting,
        region=region,
        people=named,
        details=details,
        rules_version=rules.VERSION,
        state=outcome.state,
        outcome=outcome.as_json(),
        declared_by=user,
    )
    standing_changed.send(Declaration, project_id=project.pk, subject_id=None)
    record(AuditAction.USE_DECLARED, made, purpose=purpose, region=region, state=str(outcome.state))
    return made


@transaction.atomic
def confirm(declaration: Declaration, user: User | None, name: str) -> None:
    """Confirm a use that waits for it, by the name of the responsible person; a prospect has no account.

    Raises UserError `not_to_confirm` where it waits for no confirmation (any more).
    """
    waiting = Declaration.objects.filter(pk=declaration.pk, state=UseState.UNCONFIRMED, ended_at=None)
    now = timezone.now()
    if not waiting.update(state=UseState.ALLOWED, confirmed_name=name, confirmed_by=user, confirmed_at=now):
        raise UserError(
            "not_to_confirm",
            _("This use does not wait for a confirmation any more. Open the project's declaration again."),
            status=409,
        )
    declaration.refresh_from_db()
    standing_changed.send(Declaration, project_id=declaration.project_id, subject_id=None)
    record(AuditAction.USE_CONFIRMED, declaration, purpose=declaration.purpose)


def requires(declaration: Declaration, what: str) -> bool:
    """Whether it asks for `consent`, `notice`, `roles`, or for consent to the `culture` that is declared."""
    return what in declaration.outcome.get("requires", [])


def roles(declaration: Declaration) -> frozenset[SubjectRole]:
    """Of people who may be analysed under it."""
    return frozenset(map(SubjectRole, declaration.outcome.get("roles", [])))


def is_outdated(declaration: Declaration) -> bool:
    """Whether the rules of today say something else of the same use than those it was declared under."""
    if declaration.rules_version == rules.VERSION:
        return False
    try:
        today = rules.judge(declaration.purpose, declaration.setting, declaration.region, declaration.people)
    except UnknownChoiceError:
        return True
    asked = today.state == UseState.UNCONFIRMED and not declaration.confirmed_name
    told = {name: sorted(declaration.outcome.get(name, [])) for name in ("requires", "roles")}
    same = {name: keys for name, keys in today.as_json().items() if name in told} == told
    return asked or not same or (today.state == UseState.REFUSED) != (declaration.state == UseState.REFUSED)


def _judged(purpose: str, setting: str, region: str, people: list[str]) -> Outcome:
    try:
        return rules.judge(purpose, setting, region, people)
    except UnknownChoiceError as error:
        sentence = _("That use is not in the table of rules. Choose among those that are offered.")
        raise UserError("unknown_choice", sentence) from error
