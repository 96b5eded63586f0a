"""Who is in a recording, where that was not said when it was uploaded."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.projects import find_or_add_subject
from accounts.models import Subject
from analysis.domain import gate, wanted
from analysis.enums import FINAL_STATES
from analysis.models import Recording
from echodepth.errors import UserError


@transaction.atomic
def name_subject(recording: Recording, label: str) -> None:
    """Say whose recording it is, by a label of its project; what waited for it begins.

    A subject is made where there is none of the label. Results there are stay as they are.

    Raises UserError `subject_known` where that is said already: what was found, agreed to and withdrawn is
    that person's, and becomes nobody else's. `run_unfinished` while an analysis is under way.
    """
    gate.lock(recording.project_id)
    if Recording.objects.select_for_update(no_key=True).get(pk=recording.pk).subject_id is not None:
        raise UserError(
            "subject_known",
            _("It is said already who is in this recording, and that stays so. Upload it anew for another."),
            status=409,
        )
    if recording.runs.exclude(state__in=FINAL_STATES).exists():
        raise UserError(
            "run_unfinished",
            _("This recording is being analysed. Wait for it, or cancel it."),
            status=409,
        )
    subject = find_or_add_subject(recording.project, label.strip())
    recording.subject = subject
    recording.save(update_fields=["subject"])
    wanted.settle(recording.project_id, subject.pk)
    record(AuditAction.RECORDING_CHANGED, recording, subject=str(subject.pk))


def subject_labels(recording: Recording) -> list[str]:
    """What the project's people are called, to choose from."""
    labels = Subject.objects.filter(project=recording.project_id).order_by("label")
    return list(labels.values_list("label", flat=True))
