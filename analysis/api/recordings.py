"""Recordings and their runs."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_subject
from accounts.api.serializers import SubjectSerializer
from accounts.api.views import READ, ListView, Need, TokenView
from accounts.domain.viewing import recording_opened
from accounts.enums import Scope
from accounts.permissions import Action
from analysis.access import access_recording, access_run
from analysis.api.serializers import (
    CohortSerializer,
    RecordingFilters,
    RecordingSerializer,
    RunRequestSerializer,
    RunSerializer,
    SubjectLabelSerializer,
    with_run,
)
from analysis.domain import cohorts, erasure, gate, listing
from analysis.domain.subjects import name_subject
from analysis.domain.work import runs, standing
from analysis.enums import Progress
from analysis.models import Recording, Run

ANALYSE = Need(Scope.WRITE, Action.UPLOAD)


class Recordings(ListView):
    tag = "recordings"
    listed = "recordings"
    serializer_class = RecordingSerializer
    filters = RecordingFilters
    names: ClassVar = {"GET": "recordings_list"}

    def rows(self, **_kwargs: Any) -> Any:
        asked = self.filtered_by()
        state = Progress(asked["state"]) if "state" in asked else None
        found = listing.recordings(asked.get("project"), state)
        if "subject" in asked:
            found = found.filter(subject=asked["subject"])
        if "created_from" in asked:
            found = found.filter(created_at__gte=asked["created_from"])
        if "created_until" in asked:
            found = found.filter(created_at__lt=asked["created_until"])
        return found

    def listed_rows(self, page: list[Recording]) -> list[Recording]:
        runs = listing.latest_runs(page)
        standing.tell(runs)
        asked = gate.Asked()
        return [with_run(run.recording, run, asked) for run in runs]

    @extend_schema(responses=RecordingSerializer(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002 - a view's signature
        """The organisation's recordings, newest first, each with its latest run."""
        return self.answer()


class OneRecording(TokenView):
    tag = "recordings"
    serializer_class = RecordingSerializer
    needs: ClassVar = {"GET": READ, "PATCH": ANALYSE, "DELETE": Need(Scope.DELETE, Action.DELETE)}
    names: ClassVar = {
        "GET": "recordings_get",
        "PATCH": "recordings_name_subject",
        "DELETE": "recordings_delete",
    }

    def get(self, request: Request, recording_id: UUID) -> Response:  # noqa: ARG002
        """One recording with its latest run."""
        recording, run = access_recording(recording_id)
        recording_opened(recording)
        return Response(self.get_serializer(with_run(recording, run)).data)

    @extend_schema(request=SubjectLabelSerializer)
    def patch(self, request: Request, recording_id: UUID) -> Response:
        """Say who is in it; an analysis that waited for that begins. Refused while a run is under way."""
        recording, _run = access_recording(recording_id)
        asked = SubjectLabelSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        name_subject(recording, asked.validated_data["subject"])
        return Response(self.get_serializer(with_run(*access_recording(recording_id))).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, recording_id: UUID) -> Response:  # noqa: ARG002
        """Have it erased for good, with its runs, results and reports; it is not there from now on."""
        erasure.erase_recording(access_recording(recording_id)[0])
        return Response(status=204)


class RunsOfRecording(ListView):
    tag = "runs"
    listed = "runs"
    serializer_class = RunSerializer
    newest_first_by = ("requested_at", "pk")
    needs: ClassVar = {"GET": READ, "POST": ANALYSE}
    names: ClassVar = {"GET": "runs_list", "POST": "runs_request"}

    def rows(self, **kwargs: Any) -> Any:
        return Run.objects.filter(recording=access_recording(kwargs["recording_id"])[0])

    def listed_rows(self, page: list[Run]) -> list[Run]:
        standing.tell(page)
        return page

    @extend_schema(responses=RunSerializer(many=True))
    def get(self, request: Request, recording_id: UUID) -> Response:  # noqa: ARG002
        """The recording's analyses, newest first."""
        return self.answer(recording_id=recording_id)

    @extend_schema(request=RunRequestSerializer, responses={201: RunSerializer})
    def post(self, request: Request, recording_id: UUID) -> Response:
        """Analyse the recording again.

        Refused while a run is under way (`run_unfinished`), and while something is missing that the declared
        use requires: `missing` names it.
        """
        recording, last = access_recording(recording_id)
        asked = RunRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        neutral = asked.validated_data.get("neutral")
        stretch = (neutral["start"], neutral["end"]) if neutral else None
        if stretch:
            _refuse_beyond(last, stretch[0])
        run = runs.request(recording, self.actor.user, last.media_facts, stretch)
        return Response(self.get_serializer(run).data, status=201)


class OneRun(TokenView):
    tag = "runs"
    serializer_class = RunSerializer
    needs: ClassVar = {"GET": READ}
    names: ClassVar = {"GET": "runs_get"}

    def get(self, request: Request, run_id: UUID) -> Response:  # noqa: ARG002
        """How far a run is. Ask every few seconds until `is_final`."""
        return Response(self.get_serializer(access_run(run_id)).data)


class CancelRun(TokenView):
    tag = "runs"
    serializer_class = RunSerializer
    needs: ClassVar = {"POST": ANALYSE}
    names: ClassVar = {"POST": "runs_cancel"}

    @extend_schema(request=None, responses={200: RunSerializer})
    def post(self, request: Request, run_id: UUID) -> Response:  # noqa: ARG002
        """Stop a run; one that is final stays as it is."""
        runs.cancel(access_run(run_id).pk)
        return Response(self.get_serializer(access_run(run_id)).data)


class SubjectCohort(TokenView):
    tag = "subjects"
    serializer_class = CohortSerializer
    needs: ClassVar = {"PUT": Need(Scope.WRITE, Action.MANAGE_PROJECTS)}
    names: ClassVar = {"PUT": "subjects_declare_cohort"}

    @extend_schema(responses=SubjectSerializer)
    def put(self, request: Request, project_id: UUID, subject_id: UUID) -> Response:  # noqa: ARG002
        """Declare the subject's cultural cohort, or take the declaration back. Results stay as they are."""
        subject = access_subject(project_id, subject_id)
        told = self.told()
        cohorts.declare(subject, told["cohort"], told["declared_by"], self.actor.user)
        return Response(SubjectSerializer(subject).data)


def _refuse_beyond(last: Run, start: float) -> None:
    """A neutral face cannot be marked behind the last frame, where an analysis has told which that is."""
    first, seconds = last.media_facts.get("start"), last.media_facts.get("seconds")
    if first is not None and seconds is not None and start >= first + seconds:
        raise ValidationError(
            {"neutral": {"start": [f"The recording ends at {first + seconds:.1f} seconds."]}}
        )
