"""What the API says of a result and of its report."""

import math
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from analysis.engine.statement import STATEMENT
from reports.domain.exports import KINDS
from reports.domain.json_lines import NAMES
from reports.domain.reviews import history, review_facts, state_among
from reports.enums import ReviewOutcome, ReviewState
from reports.models import Report, Review


class Number(serializers.FloatField):
    """A number, or null where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_null": True, "read_only": True} | kwargs)

    def to_representation(self, value: Any) -> Any:
        number = float(value)
        return number if math.isfinite(number) else None


class Shown(serializers.Serializer):
    """Only ever sent, never received."""


@extend_schema_field(OpenApiTypes.STR)
class Statement(serializers.ReadOnlyField):
    """The sentence that stands beside every number, whatever is shown."""

    def __init__(self, **kwargs: Any) -> None:
        told = (
            "What the numbers are, and that no decision may rest on them alone; always the same, in English."
        )
        super().__init__(**{"source": "*", "help_text": told} | kwargs)

    def to_representation(self, value: Any) -> str:  # noqa: ARG002 - the framework's signature
        return STATEMENT


class ReviewFactsSerializer(Shown):
    """Whether a person has signed; all but `state` is null while nobody has."""

    state = serializers.ChoiceField(choices=ReviewState.choices, help_text="Until it is `signed`, a draft.")
    name = serializers.CharField(allow_null=True, help_text="As the reviewer signed.")
    signed_at = serializers.DateTimeField(allow_null=True)
    remarks = serializers.CharField(allow_null=True)
    draft_sha256 = serializers.CharField(allow_null=True, help_text="Of the draft that was read.")


class Reviewed(Shown):
    """What is told of a result, with the statement and who signed it; `context` holds its `report`."""

    statement = Statement()
    review = serializers.SerializerMethodField()

    @extend_schema_field(ReviewFactsSerializer)
    def get_review(self, _shown: Any) -> dict[str, str | None]:
        return review_facts(self.context["report"])


class IntervalSerializer(Shown):
    """A value and the bounds of its 95 % interval."""

    value = Number()
    low = Number()
    high = Number()


class QualitySerializer(Shown):
    frames = serializers.IntegerField(help_text="In which the person was seen.")
    scored_frames = serializers.IntegerField()
    scored_seconds = Number()
    excluded = serializers.DictField(child=serializers.IntegerField(), help_text="Frames by reason.")
    median_face_width = Number(help_text="Pixels.")
    coverage = Number(help_text="Share 0-1 of the time in view that was scored.")
    covered_share = Number(help_text="Share 0-1 of the frames in which something lay over the face.")


class ActionUnitSerializer(Shown):
    """One Action Unit over the whole track; numbers are null when it was never scored."""

    au = serializers.IntegerField()
    state = serializers.CharField()
    scored_frames = serializers.IntegerField()
    mean = IntervalSerializer(allow_null=True)
    p95 = Number()
    maximum = Number()
    present_share = Number(help_text="Share 0-1 of the scored frames at B or above.")
    left_mean = Number()
    right_mean = Number()


class EmotionScoreSerializer(Shown):
    """How far the combination of a declared emotion state was shown."""

    state = serializers.CharField()
    score = IntervalSerializer(allow_null=True)
    seconds = Number()


class EmotionEpisodeSerializer(Shown):
    state = serializers.CharField()
    combination = serializers.CharField(help_text="In FACS notation.")
    start = Number()
    apex = Number()
    end = Number()
    fit = IntervalSerializer()


class SmilesSerializer(Shown):
    duchenne = serializers.IntegerField()
    without_au6 = serializers.IntegerField()
    duchenne_seconds = Number()
    without_au6_seconds = Number()


class BlinksSerializer(Shown):
    count = serializers.IntegerField()
    per_minute = IntervalSerializer(allow_null=True)


class MovementSerializer(Shown):
    kind = serializers.CharField()
    start = Number()
    end = Number()
    size = Number(help_text="Degrees.")


class SignalValueSerializer(Shown):
    key = serializers.CharField(help_text="`trust`, `credibility` or `resistance`.")
    overall = IntervalSerializer(allow_null=True, help_text="Null where there is not enough to score.")
    calibrated = IntervalSerializer(allow_null=True, help_text="For the declared cohort.")


class WithheldSerializer(Shown):
    """Why nothing was measured of a person."""

    role = serializers.CharField(help_text="What the person is to the organisation.")
    reason = serializers.CharField(help_text="Stable code, such as `role_not_allowed` or `consent_missing`.")


class TrackSerializer(Shown):
    """What was found about one person in the recording."""

    track = serializers.IntegerField(help_text="As in the frame table.")
    start = Number()
    end = Number()
    quality = QualitySerializer()
    signals = SignalValueSerializer(many=True)
    action_units = ActionUnitSerializer(many=True, source="summaries")
    emotion_scores = EmotionScoreSerializer(many=True)
    emotions = EmotionEpisodeSerializer(many=True)
    smiles = SmilesSerializer(allow_null=True)
    blinks = BlinksSerializer(allow_null=True)
    movements = MovementSerializer(many=True)
    withheld = WithheldSerializer(
        allow_null=True, help_text="Null; else nothing was measured of the person, and lists are empty."
    )


class MediaSerializer(Shown):
    container = serializers.CharField()
    codec = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    has_audio = serializers.BooleanField()


class CohortUsedSerializer(Shown):
    key = serializers.CharField()
    version = serializers.CharField()


class SummarySerializer(Reviewed):
    """A result without its series and events. Signals describe what was displayed, never what is true."""

    engine_version = serializers.CharField()
    media = MediaSerializer()
    frames = serializers.IntegerField()
    start_time = Number()
    end_time = Number()
    warnings = serializers.ListField(child=serializers.CharField())
    cohort = CohortUsedSerializer(allow_null=True)
    subject_absent = serializers.BooleanField(
        help_text="Whether the person the recording is about is none of those of whom something was measured."
    )
    tracks = TrackSerializer(
        many=True,
        help_text="The person the recording is about comes first, those who are withheld last.",
    )


class EventSerializer(Shown):
    """One activation of an Action Unit."""

    track = serializers.IntegerField()
    au = serializers.IntegerField()
    side = serializers.CharField(help_text="`both`, `left` or `right`.")
    onset = Number(help_text="Seconds.")
    apex = Number(help_text="Seconds.")
    offset = Number(help_text="Seconds.")
    peak = Number(help_text="0-5.")
    onset_velocity = Number(help_text="Points a second.")
    offset_velocity = Number(help_text="Points a second.")
    first_frame = serializers.IntegerField()
    apex_frame = serializers.IntegerField()
    last_frame = serializers.IntegerField()
    brief = serializers.BooleanField(help_text="Whether it is a possible brief display.")


class EventFilters(serializers.Serializer):
    track = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    au = serializers.IntegerField(required=False, min_value=1, max_value=99)


class PointSerializer(Shown):
    time = Number()
    value = Number()
    low = Number()
    high = Number()


class MomentSerializer(Shown):
    start = Number()
    end = Number()
    moved = Number()


class ComponentSerializer(Shown):
    key = serializers.CharField()
    weight = Number()
    level = Number(help_text="0-1.")
    moved = Number(help_text="Points by which it moved the value.")
    available = serializers.BooleanField(help_text="False where nothing measures it yet.")
    moments = MomentSerializer(many=True)


class SignalSerializer(SignalValueSerializer):
    """One signal of a person, taken apart."""

    track = serializers.IntegerField()
    series = PointSerializer(many=True)
    calibrated_series = PointSerializer(many=True)
    components = ComponentSerializer(many=True)


class SignalFilters(serializers.Serializer):
    track = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class SignalsSerializer(Reviewed):
    signals = SignalSerializer(many=True)


class FrameFilters(serializers.Serializer):
    track = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    start = serializers.FloatField(required=False, min_value=-1e9, max_value=1e9, help_text="Seconds.")
    end = serializers.FloatField(
        required=False, min_value=-1e9, max_value=1e9, help_text="Seconds, not included."
    )
    columns = serializers.CharField(
        required=False, max_length=4000, help_text="Names of docs/frame-table.md with commas between them."
    )

    def validate_columns(self, value: str) -> list[str]:
        asked = list(dict.fromkeys(value.split(",")))
        if set(asked) - set(NAMES):
            raise serializers.ValidationError("This names a column that the table does not have.")
        return asked


class FileLinkSerializer(Reviewed):
    kind = serializers.ChoiceField(choices=sorted(KINDS))
    url = serializers.URLField(help_text="Needs no token; do not send one.")
    expires_at = serializers.DateTimeField()


class ReviewSerializer(serializers.ModelSerializer):
    """What one reviewer said, and of which draft."""

    outcome = serializers.ChoiceField(choices=ReviewOutcome.choices)
    draft_sha256 = serializers.CharField(source="report_sha256", help_text="Of the draft that was read.")

    class Meta:
        model = Review
        fields = ["outcome", "name", "remarks", "draft_sha256", "reviewed_at"]
        read_only_fields = fields


class ReportSerializer(serializers.ModelSerializer):
    """The PDF of a run. When it is `ready`, ask for a link to the file `pdf`.

    It is a draft until a person has signed it in the portal; then it is made anew, with the signature.
    """

    statement = Statement()
    review_state = serializers.SerializerMethodField(help_text="Until it is `signed`, a draft.")
    reviews = serializers.SerializerMethodField(help_text="Newest first.")

    class Meta:
        model = Report
        fields = [
            *("run", "state", "pages", "sha256", "created_at", "ready_at"),
            *("statement", "review_state", "reviews"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=ReviewState.choices))
    def get_review_state(self, report: Report) -> str:
        return str(state_among(history(report)))

    @extend_schema_field(ReviewSerializer(many=True))
    def get_reviews(self, report: Report) -> Any:
        return ReviewSerializer(history(report), many=True).data


class ReportFilters(serializers.Serializer):
    review_state = serializers.ChoiceField(
        choices=ReviewState.choices,
        required=False,
        help_text="`draft` waits for review; a draft, also `returned`, counts until there is a newer one.",
    )
