"""Who is who in a recording, for programs."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import READ, Need, TokenView
from accounts.enums import Scope, SubjectRole
from accounts.models import Subject
from accounts.permissions import Action
from analysis.access import access_run
from analysis.domain import assignments
from analysis.domain.assignments import Person
from analysis.enums import RunState
from analysis.models import Run, TrackAssignment
from echodepth.tenancy import current_tenant

MOST = assignments.MOST_PEOPLE


class PlaceSerializer(serializers.Serializer):
    """Where a face is at one moment: its box, in pixels of the upright picture."""

    time = serializers.FloatField(help_text="Seconds.")
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class StretchSerializer(serializers.Serializer):
    start = serializers.FloatField(help_text="Seconds.")
    end = serializers.FloatField(help_text="Seconds.")


class AssignmentSerializer(serializers.Serializer):
    """Who a face is."""

    track = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="As in the frame table.")
    role = serializers.ChoiceField(choices=SubjectRole.choices)
    subject: "serializers.PrimaryKeyRelatedField[Subject]" = serializers.PrimaryKeyRelatedField(
        queryset=Subject.objects.none(),
        pk_field=serializers.UUIDField(),
        required=False,
        allow_null=True,
        help_text="Of the recording's project; null where the person is none of its subjects.",
    )

    def get_fields(self) -> dict[str, Any]:
        """Subjects are looked up in the scope of the request, which is not there when the class is made."""
        fields: dict[str, Any] = super().get_fields()
        if current_tenant():
            fields["subject"].queryset = Subject.objects.all()
        return fields


class FaceSerializer(serializers.Serializer):
    """When and where a face is seen, and who was said it is. Nothing is told of how it looks."""

    track = serializers.IntegerField(help_text="As in the frame table.")
    seconds = serializers.FloatField(help_text="In view.")
    wanted = serializers.BooleanField(help_text="Whether an answer is needed; false of who passes by.")
    stretches = StretchSerializer(many=True)
    places = PlaceSerializer(many=True)
    role = serializers.ChoiceField(choices=SubjectRole.choices, allow_null=True)
    subject = serializers.UUIDField(allow_null=True)


class PeopleSerializer(serializers.Serializer):
    """The faces a run asks about, or asked about."""

    waits = serializers.BooleanField(
        read_only=True, help_text="Whether the run waits for an answer; else it is kept for the next run."
    )
    faces = FaceSerializer(many=True, read_only=True, help_text="Longest seen first.")
    # The stubs do not know what `many` takes.
    people = AssignmentSerializer(  # type: ignore[call-arg]
        many=True, write_only=True, min_length=1, max_length=MOST, help_text="One for each face wanted."
    )

    def validate_people(self, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({one["track"] for one in told}) < len(told):
            raise serializers.ValidationError(["A face is named twice."])
        return told


class People(TokenView):
    tag = "runs"
    serializer_class = PeopleSerializer
    needs: ClassVar = {"GET": READ, "PUT": Need(Scope.WRITE, Action.UPLOAD)}
    names: ClassVar = {"GET": "runs_people", "PUT": "runs_assign_people"}

    def get(self, request: Request, run_id: UUID) -> Response:  # noqa: ARG002 - a view's signature
        """When and where each face is seen. 404 for a run that never asked who is who."""
        return self._answer(self._run(run_id))

    @extend_schema(responses=PeopleSerializer)
    def put(self, request: Request, run_id: UUID) -> Response:  # noqa: ARG002
        """Say who is who: a run in the state `assigning` goes on.

        Nothing is measured of people of whom the project's declaration does not allow it.
        """
        run = self._run(run_id)
        told = self.told()["people"]
        people = {one["track"]: Person(SubjectRole(one["role"]), one.get("subject")) for one in told}
        assignments.assign(run, people, self.actor.user)
        return self._answer(self._run(run_id))

    def _run(self, run_id: UUID) -> Run:
        run = access_run(run_id)
        if not run.people:
            raise Http404
        return run

    def _answer(self, run: Run) -> Response:
        told = assignments.told_of(run)
        faces = [_face(one) | _said(told.get(one["track"])) for one in run.people]
        found = {"waits": run.state == RunState.ASSIGNING, "faces": faces}
        return Response(self.get_serializer(found).data)


def _face(one: dict[str, Any]) -> dict[str, Any]:
    names = ("time", "x", "y", "width", "height")
    return {
        "track": one["track"],
        "seconds": one["seconds"],
        "wanted": one["substantial"],
        "stretches": [{"start": start, "end": end} for start, end in one["stretches"]],
        "places": [dict(zip(names, place, strict=True)) for place in one["places"]],
    }


def _said(told: TrackAssignment | None) -> dict[str, Any]:
    return {"role": told.role if told else None, "subject": told.subject_id if told else None}
