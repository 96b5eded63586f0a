"""The way from an address to a run with a result, in the organisation in scope."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.actor import current_actor
from analysis.access import access_run
from analysis.enums import RunState
from analysis.models import Run
from echodepth.errors import UserError
from reports.domain.reviews import refuse_retracted, signature_of
from reports.models import Report, SampleRequest

WITH_RESULT = frozenset({RunState.REPORTING, RunState.DONE})


def has_result(run: Run) -> bool:
    return run.state in WITH_RESULT


def access_shown(run_id: UUID) -> Run:
    """The run, in whatever state, for whoever may read its result.

    Http404 where there is none, and for a guest where it is not the one run that the guest was invited to.
    A guest is refused a draft: UserError `not_signed`. Everybody is refused a result of which it was said
    afterwards that somebody in it may not be analysed: UserError `result_retracted`.
    """
    actor = current_actor()
    guest = bool(actor and actor.is_guest)
    if guest and actor and actor.membership and actor.membership.guest_of != run_id:
        raise Http404
    run = access_run(run_id)
    if guest and has_result(run) and signature_of(run) is None:
        sentence = _(
            "This report is a draft that nobody has reviewed yet. It opens here as soon as a reviewer has "
            "signed it."
        )
        raise UserError("not_signed", sentence, 404, heading=_("Not reviewed yet"))
    if has_result(run):
        refuse_retracted(run)
    return run


def access_result(run_id: UUID) -> tuple[Run, Report | None]:
    """As `access_shown`, with the report if one was asked for; Http404 too while the run is not scored."""
    run = access_shown(run_id)
    if not has_result(run):
        raise Http404
    return run, report_of(run)


def report_of(run: Run) -> Report | None:
    report: Report | None = Report.objects.filter(run=run).first()
    return report


def access_sample(sample_id: UUID) -> SampleRequest:
    """A sample request, at the desk; Http404 in every other organisation."""
    found: SampleRequest | None = (
        SampleRequest.objects.select_related("organisation", "owner").filter(pk=sample_id).first()
    )
    if found is None:
        raise Http404
    return found
