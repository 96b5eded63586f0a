"""One request as the desk sees it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.audit_actions import AuditAction
from accounts.desk_http import desk_view
from accounts.http import OrganisationRequest
from reports.access import access_sample
from reports.desk_forms import ConvertForm, DeclineForm, NoteForm, OwnerForm, QuestionForm, TagsForm
from reports.domain.samples import listing, passing_on, receiving, stages, states, timeline, trail
from reports.domain.samples.countries import NAMES
from reports.enums import SampleStage, SampleState
from reports.models import SampleRequest


@require_safe
@desk_view()
def sample(request: OrganisationRequest, sample_id: UUID) -> HttpResponse:
    """What was asked, how far it is, and what can be done now."""
    found = access_sample(sample_id)
    receiving.settle(found)
    trail.record(AuditAction.LIST_READ, found, list="sample", rows=1)
    return page(request, found)


def page(
    request: OrganisationRequest, found: SampleRequest, tried: dict[str, Any] | None = None
) -> HttpResponse:
    """`tried`: a form that was sent and is to be corrected, by its name in the template."""
    row = listing.row_of(found, stages.today(request.organisation))
    context = {
        "sample": row.sample,
        "row": row,
        "country": NAMES.get(found.country, found.country),
        "events": timeline.of(row.sample),
        "report": timeline.report_of(row.run),
        **_allowed(row),
        **_forms(row.sample),
        **(tried or {}),
    }
    return render(request, "reports/desk/sample.html", context, status=400 if tried else 200)


def _allowed(row: listing.Row) -> dict[str, bool]:
    """Which of the forms are shown: what would be refused is not offered."""
    state = SampleState(row.sample.state)
    gone = row.sample.erasure is not None or row.sample.erased_at is not None
    ready = row.stage == SampleStage.TO_DELIVER
    by_hand = row.sample.document_id is not None
    answered = by_hand and row.stage == SampleStage.BY_HAND and bool(row.sample.note.strip())
    current = state in states.CURRENT and not gone
    return {
        "is_kept": state in (*states.CURRENT, *states.ENDED) and not gone,
        "may_ask": state == SampleState.RECEIVED and not gone,
        "may_decline": state in states.PROVED and not gone,
        "may_note": current,
        "may_deliver": (ready or answered) and not gone,
        "may_convert": (state == SampleState.DELIVERED or ready) and not by_hand and not gone,
        "may_link": state in passing_on.STATES and not gone,
    }


def _forms(found: SampleRequest) -> dict[str, Any]:
    return {
        "owner_form": OwnerForm(initial={"owner": found.owner_id}, people=listing.people()),
        "tags_form": TagsForm.of(found),
        "question_form": QuestionForm(),
        "note_form": NoteForm(initial={"note": found.note}),
        "decline_form": DeclineForm(),
        "convert_form": ConvertForm(initial={"owner_email": found.email}),
    }
