"""What the API says of recordings, uploads and runs, and what it is told of them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from accounts.enums import Declarant
from accounts.models import Project
from analysis.cohort_names import cohort_choices
from analysis.domain import gate
from analysis.domain.intake import incoming
from analysis.domain.intake.uploads import NAME_LENGTH
from analysis.domain.work import standing
from analysis.enums import Progress, RunState, UploadState
from analysis.messages import explain
from analysis.models import Recording, Run, Upload
from echodepth.tenancy import current_tenant

LARGEST = 2**63 - 1


class NeutralSerializer(serializers.Serializer):
    """A stretch in which the speaker shows a neutral face, by the frames' own timestamps."""

    start = serializers.FloatField(min_value=0, max_value=1e6, help_text="Seconds.")
    end = serializers.FloatField(min_value=0, max_value=1e6, help_text="Seconds.")

    def validate(self, attrs: dict[str, float]) -> dict[str, float]:
        if attrs["end"] <= attrs["start"]:
            raise serializers.ValidationError({"end": ["This must be later than the beginning."]})
        return attrs


class RunErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField(help_text="What happened and what to do about it, for people.")


class RunSerializer(serializers.ModelSerializer):
    """One analysis of a recording. `state` ends in `done`, `failed` or `cancelled`."""

    state = serializers.ChoiceField(choices=RunState.choices, read_only=True)
    is_final = serializers.BooleanField(read_only=True)
    neutral = NeutralSerializer(
        read_only=True, allow_null=True, source="marked", help_text="The marked stretch; null where none is."
    )
    error = serializers.SerializerMethodField()
    engine_version = serializers.CharField(read_only=True)
    frames_done = serializers.IntegerField(read_only=True, help_text="Frames analysed so far.")
    frames_total = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Of how many; null before that is known."
    )
    seconds_left = serializers.SerializerMethodField(
        help_text="How long analysing the frames will still take, by what was done so far; null before there "
        "is evidence, and while no worker is at it. Scoring and the report follow."
    )

    class Meta:
        model = Run
        fields = [
            "id",
            "recording",
            "state",
            "is_final",
            "frames_done",
            "frames_total",
            "seconds_left",
            "neutral",
            "error",
            "requested_at",
            "started_at",
            "finished_at",
            "engine_version",
        ]
        read_only_fields = fields

    def to_representation(self, instance: Run) -> dict[str, Any]:
        instance.marked = (  # type: ignore[attr-defined]
            {"start": instance.neutral[0], "end": instance.neutral[1]} if instance.neutral else None
        )
        told: dict[str, Any] = super().to_representation(instance)
        return told

    def get_seconds_left(self, run: Run) -> int | None:
        if not hasattr(run, "standing"):
            standing.tell([run])
        return standing.of(run).seconds_left

    @extend_schema_field(RunErrorSerializer(allow_null=True))
    def get_error(self, run: Run) -> dict[str, str] | None:
        if run.state != RunState.FAILED:
            return None
        return {"code": run.error_code, "detail": str(explain(run.error_code, run.error_facts))}


class RunRequestSerializer(serializers.Serializer):
    neutral = NeutralSerializer(
        required=False,
        allow_null=True,
        help_text="Where the speaker is neutral; estimated where nothing is said.",
    )


class MissingSerializer(serializers.Serializer):
    """One thing that the project's declared use requires and that is not there."""

    code = serializers.CharField()
    detail = serializers.CharField(source="sentence", help_text="For people.")


class RecordingSerializer(serializers.ModelSerializer):
    """A video of a person speaking, and its latest run."""

    subject_label = serializers.CharField(
        source="subject.label", read_only=True, allow_null=True, default=None
    )
    run = RunSerializer(
        read_only=True,
        source="latest",
        allow_null=True,
        help_text="The latest; null where none was requested yet, because something is missing.",
    )
    analysis_wanted = serializers.BooleanField(
        read_only=True, help_text="Whether an analysis begins by itself once nothing is missing any more."
    )
    missing = MissingSerializer(
        many=True,
        read_only=True,
        help_text="What the wanted analysis waits for, in the order in which to see to it.",
    )

    class Meta:
        model = Recording
        fields = [
            "id",
            "project",
            "subject",
            "subject_label",
            "title",
            "original_name",
            "size",
            "sha256",
            "created_at",
            "run",
            "analysis_wanted",
            "missing",
        ]
        read_only_fields = fields


class SubjectLabelSerializer(serializers.Serializer):
    """Who is in a recording."""

    subject = serializers.CharField(
        max_length=200,
        help_text="Label of the person it is about; made in the project when it has none of this label.",
    )


def with_run(recording: Recording, run: Run, asked: gate.Asked | None = None) -> Recording:
    """The recording as `RecordingSerializer` wants it; `asked` is shared by those of one list."""
    recording.latest = None if run.is_held_back else run  # type: ignore[attr-defined]
    wanted = recording.analysis_wanted
    recording.missing = (asked or gate.Asked()).missing(recording) if wanted else []  # type: ignore[attr-defined]
    return recording


class RecordingFilters(serializers.Serializer):
    project = serializers.UUIDField(required=False)
    subject = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(required=False, choices=Progress.choices, help_text="Of the latest run.")
    created_from = serializers.DateTimeField(required=False, help_text="At or after this moment.")
    created_until = serializers.DateTimeField(required=False, help_text="Before this moment.")


class UploadSerializer(serializers.ModelSerializer):
    """A recording on its way in."""

    project: "serializers.PrimaryKeyRelatedField[Project]" = serializers.PrimaryKeyRelatedField(
        queryset=Project.objects.none(), pk_field=serializers.UUIDField()
    )
    file_name = serializers.CharField(source="original_name", max_length=NAME_LENGTH)
    subject = serializers.CharField(
        source="subject_label",
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="Label of the person who speaks; made in the project when it has none of this label.",
    )
    title = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="The file's name where none is given."
    )
    size = serializers.IntegerField(min_value=1, max_value=LARGEST, help_text="Bytes.")
    sha256 = serializers.RegexField(
        r"^[0-9a-fA-F]{64}$",
        required=False,
        allow_blank=True,
        help_text="Of the content, in hexadecimal, where you know it; finishing refuses any other content.",
    )
    state = serializers.SerializerMethodField(help_text="`open`, `checking`, `done` or `refused`.")
    error = serializers.SerializerMethodField(help_text="Why it was refused; null where it was not.")
    content_url = serializers.SerializerMethodField(
        help_text="Where all bytes are sent in one request by PUT."
    )
    parts_url = serializers.SerializerMethodField(
        help_text="Where links for parts are asked for, and which came."
    )
    finish_url = serializers.SerializerMethodField(help_text="What is called by POST when they are there.")
    received = serializers.SerializerMethodField(help_text="Whether all of the content is there.")

    class Meta:
        model = Upload
        fields = [
            "id",
            "project",
            "title",
            "subject",
            "file_name",
            "size",
            "sha256",
            "state",
            "error",
            "received",
            "content_url",
            "parts_url",
            "finish_url",
            "recording",
            "expires_at",
        ]
        read_only_fields = ["id", "recording", "expires_at"]

    def get_fields(self) -> dict[str, Any]:
        """Projects are looked up in the scope of the request, which is not there when the class is made."""
        fields: dict[str, Any] = super().get_fields()
        if current_tenant():
            fields["project"].queryset = Project.objects.all()
        return fields

    @extend_schema_field(serializers.URLField())
    def get_content_url(self, upload: Upload) -> str:
        return self._address("upload-content", upload)

    @extend_schema_field(serializers.URLField())
    def get_finish_url(self, upload: Upload) -> str:
        return self._address("upload-finish", upload)

    @extend_schema_field(serializers.URLField())
    def get_parts_url(self, upload: Upload) -> str:
        return self._address("upload-parts", upload)

    @extend_schema_field(serializers.ChoiceField(choices=UploadState.choices))
    def get_state(self, upload: Upload) -> str:
        return str(incoming.state_of(upload))

    @extend_schema_field(RunErrorSerializer(allow_null=True))
    def get_error(self, upload: Upload) -> dict[str, str] | None:
        if upload.state != UploadState.REFUSED:
            return None
        return {"code": upload.error_code, "detail": upload.error_sentence}

    def get_received(self, upload: Upload) -> bool:
        return upload.state != UploadState.REFUSED and incoming.sent(upload).whole

    def _address(self, name: str, upload: Upload) -> str:
        return str(reverse(f"api:{name}", args=[upload.pk], request=self.context["request"]))


class PartSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="From 1.")
    size = serializers.IntegerField(help_text="Bytes.")


class PartsSerializer(serializers.Serializer):
    """The parts of an upload: all are of the same size, but the last."""

    part_size = serializers.IntegerField(help_text="Bytes of every part but the last.")
    count = serializers.IntegerField(help_text="How many parts there are.")
    received = PartSerializer(many=True, help_text="Those that came; each may be sent again.")


class PartLinkSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    size = serializers.IntegerField(help_text="Bytes that are sent there, exactly.")
    url = serializers.CharField(help_text="Takes one PUT for an hour, without your token.")
    headers = serializers.DictField(
        child=serializers.CharField(), help_text="Headers to send with the part, as they are."
    )


class PartLinksSerializer(serializers.Serializer):
    """Where parts are sent."""

    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        min_length=1,
        max_length=incoming.MOST_LINKS,
        write_only=True,
        help_text="Of the parts that links are wanted for.",
    )
    links = PartLinkSerializer(many=True, read_only=True)


class CohortSerializer(serializers.Serializer):
    """The cultural cohort that is declared of a subject."""

    cohort = serializers.ChoiceField(
        choices=list(cohort_choices()),
        allow_blank=True,
        help_text="Key of the list; empty where none is declared.",
    )
    declared_by = serializers.ChoiceField(
        choices=Declarant.choices, required=False, allow_blank=True, default="", help_text="Who says so."
    )

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        if attrs["cohort"] and not attrs["declared_by"]:
            raise serializers.ValidationError({"declared_by": ["Say who declared the cohort."]})
        return attrs
