from rest_framework import serializers


class ProblemSerializer(serializers.Serializer):
    """A refusal, as RFC 9457 has it."""

    code = serializers.CharField(help_text="Stable; docs/api.md lists them all.")
    title = serializers.CharField()
    detail = serializers.CharField(help_text="What to do about it, for people.")
    status = serializers.IntegerField()
    request_id = serializers.CharField(help_text="What to tell support.")
    errors = serializers.DictField(  # type: ignore[assignment]  # the name is the standard's
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences by field; `general` is for what no single field is to blame for.",
    )
