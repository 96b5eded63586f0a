"""What an analysis found: summary, events, signals, frames; its files and its report."""

from dataclasses import asdict
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ListView, Need, TokenView
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.viewing import result_opened
from accounts.enums import Scope
from accounts.permissions import Action
from analysis.domain import results
from analysis.engine.result import SchemaError
from analysis.engine.result_types import AnalysisResult
from analysis.engine.statement import STATEMENT
from echodepth import files
from echodepth.api.pagination import InOrder
from reports.access import access_result
from reports.api.serializers import (
    EventFilters,
    EventSerializer,
    FileLinkSerializer,
    FrameFilters,
    ReportFilters,
    ReportSerializer,
    SignalFilters,
    SignalsSerializer,
    Statement,
    SummarySerializer,
)
from reports.domain.exports import KINDS, export_link
from reports.domain.json_lines import JsonLines, Selection
from reports.domain.reviews import reports, review_facts
from reports.domain.source import result_missing
from reports.enums import ReviewState
from reports.models import Report

SEE = Need(Scope.READ, Action.VIEW_RESULT)
EXPORT = Need(Scope.READ, Action.EXPORT)
NDJSON = "application/x-ndjson"
STATEMENT_HEADER, REVIEW_HEADER = "EchoDepth-Statement", "EchoDepth-Review"
"""Beside rows that have no room for it."""


class ResultView(TokenView):
    tag = "results"
    needs: ClassVar = {"GET": SEE}
    report: Report | None = None
    """Of the run that was asked for."""

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "report": self.report}

    def result(self, run_id: UUID) -> AnalysisResult:
        """Raises Http404 where no run of this id is scored, UserError `result_missing`."""
        run, self.report = access_result(run_id)
        try:
            found = results.load(run)
        except (FileNotFoundError, SchemaError) as error:
            raise result_missing() from error
        result_opened(run)
        return found


class Summary(ResultView):
    serializer_class = SummarySerializer
    names: ClassVar = {"GET": "results_summary"}

    def get(self, request: Request, run_id: UUID) -> Response:  # noqa: ARG002 - a view's signature
        """The finding in numbers: quality, signals, Action Units and displays of each person."""
        return Response(self.get_serializer(self.result(run_id)).data)


class EventPages(InOrder):
    """Pages that say beside their rows what the rows are."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        found = super().get_paginated_response_schema(schema)
        beside = {
            "statement": {"type": "string", "description": Statement().help_text},
            "review": {"$ref": "#/components/schemas/ReviewFacts"},
        }
        required = [*beside, *found["required"]]
        return found | {"properties": beside | found["properties"], "required": required}


class Events(ResultView):
    serializer_class = EventSerializer
    pagination_class = EventPages
    filters = EventFilters
    names: ClassVar = {"GET": "results_events"}

    @extend_schema(responses=EventSerializer(many=True))
    def get(self, request: Request, run_id: UUID) -> Response:  # noqa: ARG002
        """Every activation of an Action Unit, by person and in order of time."""
        asked = self.filtered_by()
        found = [
            asdict(event) | {"track": track.track}
            for track in self.result(run_id).tracks
            for event in track.events
            if asked.get("track", track.track) == track.track and asked.get("au", event.au) == event.au
        ]
        page = self.paginate_queryset(found)
        listed = self.get_paginated_response(self.get_serializer(page, many=True).data)
        beside = {"statement": STATEMENT, "review": review_facts(self.report)}
        return Response(beside | listed.data)


class Signals(ResultView):
    serializer_class = SignalsSerializer
    filters = SignalFilters
    names: ClassVar = {"GET": "results_signals"}

    def get(self, request: Request, run_id: UUID) -> Response:  # noqa: ARG002
        """The three signals of each person over time, and what moved them."""
        asked = self.filtered_by()
        found = [
            asdict(signal) | {"track": track.track}
            for track in self.result(run_id).tracks
            if asked.get("track", track.track) == track.track
            for signal in track.signals
        ]
        return Response(self.get_serializer({"signals": found}).data)


class Ndjson(BaseRenderer):
    """For the choice of an answer's kind alone: what it would render is streamed."""

    media_type = NDJSON
    format = "ndjson"


class Frames(TokenView):
    tag = "results"
    filters = FrameFilters
    renderer_classes = (Ndjson,)
    needs: ClassVar = {"GET": EXPORT}
    names: ClassVar = {"GET": "results_frames"}

    @extend_schema(responses={(200, NDJSON): OpenApiTypes.STR})
    def get(self, request: Request, run_id: UUID) -> StreamingHttpResponse:  # noqa: ARG002
        """The frame table as JSON lines, streamed. The files `parquet` and `csv` are faster to read whole.

        The statement is in the header `EchoDepth-Statement`; `EchoDepth-Review` says whether it is a draft.
        """
        asked = self.filtered_by()
        run, report = access_result(run_id)
        try:
            lines = JsonLines(run, Selection(**asked))
        except FileNotFoundError as error:
            raise result_missing() from error
        record(AuditAction.RESULT_EXPORTED, run, kind="ndjson")
        beside = {STATEMENT_HEADER: STATEMENT, REVIEW_HEADER: review_facts(report)["state"] or ""}
        return StreamingHttpResponse(lines, content_type=NDJSON, headers=beside)


class FileLink(TokenView):
    tag = "results"
    serializer_class = FileLinkSerializer
    needs: ClassVar = {"GET": SEE}
    names: ClassVar = {"GET": "results_file"}

    @extend_schema(parameters=[OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=sorted(KINDS))])
    def get(self, request: Request, run_id: UUID, kind: str) -> Response:
        """A link to a file that is good for a minute.

        `parquet` and `csv` are the frame table, `json` is the whole result, `pdf` the report. Answers
        `file_not_there` while there is none. Files of a draft say that they are.
        """
        if kind not in KINDS:
            raise Http404
        if kind != "pdf" and not self.actor.may(Action.EXPORT):
            raise PermissionDenied
        run, report = access_result(run_id)
        address = request.build_absolute_uri(export_link(run, kind))
        told = {"kind": kind, "url": address, "expires_at": timezone.now() + files.LIFE}
        context = {**self.get_serializer_context(), "report": report}
        return Response(self.serializer_class(told, context=context).data)


class Reports(ListView):
    tag = "reports"
    listed = "reviews"
    serializer_class = ReportSerializer
    filters = ReportFilters
    names: ClassVar = {"GET": "reports_list"}

    def rows(self, **_kwargs: Any) -> Any:
        asked = self.filtered_by()
        return reports(ReviewState(asked["review_state"]) if "review_state" in asked else None)

    @extend_schema(responses=ReportSerializer(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """The organisation's reports, newest first; drafts that wait for review, or what was signed.

        Nobody signs here: a review is a person's, who does it in the portal under their own name.
        """
        return self.answer()


class ReportOfRun(TokenView):
    tag = "reports"
    serializer_class = ReportSerializer
    needs: ClassVar = {"GET": SEE}
    names: ClassVar = {"GET": "reports_get"}

    def get(self, request: Request, run_id: UUID) -> Response:  # noqa: ARG002
        """Whether the run's report is ready, and what reviewers said of it."""
        _run, report = access_result(run_id)
        if report is None:
            raise Http404
        return Response(self.get_serializer(report).data)
