"""What the API says of people and projects, and what it is told of them."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.domain.lawful.choices import GROUPS, PURPOSES, REGIONS, SETTINGS
from accounts.domain.lawful.told import told
from accounts.enums import Declarant, SubjectRole, UseState
from accounts.models import AuditRecord, Declaration, Membership, Organisation, Project, Subject


class OrganisationSerializer(serializers.ModelSerializer):
    """The organisation the token belongs to."""

    class Meta:
        model = Organisation
        fields = ["id", "name", "slug", "time_zone", "created_at"]


class ProjectSerializer(serializers.ModelSerializer):
    """What recordings and documents are gathered under."""

    class Meta:
        model = Project
        fields = ["id", "name", "description", "created_at"]


class ProjectFilters(serializers.Serializer):
    name = serializers.CharField(required=False, max_length=200, help_text="Part of the name.")


class SubjectSerializer(serializers.ModelSerializer):
    """A person who is analysed, known by a label."""

    role = serializers.ChoiceField(
        choices=SubjectRole.choices,
        required=False,
        help_text="What the person is to you; the declared use says which roles may be analysed.",
    )

    cohort = serializers.CharField(
        read_only=True, help_text="Key of the declared cohort; empty where none is."
    )
    cohort_declared_by = serializers.ChoiceField(
        choices=Declarant.choices, allow_blank=True, read_only=True, help_text="Who says so."
    )

    class Meta:
        model = Subject
        fields = ["id", "project", "label", "role", "cohort", "cohort_declared_by", "created_at"]
        read_only_fields = ["project"]
        validators: ClassVar[list[object]] = []  # a label that is taken is said by the product's own code


class SourceSerializer(serializers.Serializer):
    title = serializers.CharField()
    url = serializers.URLField()
    read_on = serializers.DateField(help_text="The day on which it was read for this table.")


class RuleSerializer(serializers.Serializer):
    """A rule that applies to a declared use."""

    id = serializers.CharField()
    reason = serializers.CharField(help_text="For people.")
    sources = SourceSerializer(many=True, help_text="None where it is the product's own policy.")


class UseSerializer(serializers.ModelSerializer):
    """What a project's recordings are analysed for, and what the rules say of it."""

    purpose = serializers.ChoiceField(choices=[(key, one.label) for key, one in PURPOSES.items()])
    setting = serializers.ChoiceField(choices=[(key, one.label) for key, one in SETTINGS.items()])
    region = serializers.ChoiceField(choices=[(key, one.label) for key, one in REGIONS.items()])
    people = serializers.ListField(
        child=serializers.ChoiceField(
            choices=[*SubjectRole.choices, *((key, one.label) for key, one in GROUPS.items())]
        ),
        required=False,
        help_text="Everybody who may be seen.",
    )
    details = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    state = serializers.ChoiceField(
        choices=UseState.choices,
        read_only=True,
        help_text="Nothing is analysed before it is `allowed`; a use is confirmed on the portal alone.",
    )
    requires = serializers.SerializerMethodField(
        help_text="Of `consent`, `notice`, `roles`, `culture`: what must be there before anybody is analysed."
    )
    roles = serializers.SerializerMethodField(help_text="Of people who may be analysed.")
    rules = serializers.SerializerMethodField(help_text="Those that apply.")

    class Meta:
        model = Declaration
        fields = [
            "id",
            "purpose",
            "setting",
            "region",
            "people",
            "details",
            "state",
            "requires",
            "roles",
            "rules",
            "rules_version",
            "declared_at",
            "confirmed_name",
            "confirmed_at",
            "ended_at",
        ]
        read_only_fields = [
            *("id", "rules_version", "declared_at", "confirmed_name", "confirmed_at", "ended_at"),
        ]

    def get_requires(self, declaration: Declaration) -> list[str]:
        return list(declaration.outcome.get("requires", []))

    def get_roles(self, declaration: Declaration) -> list[str]:
        return list(declaration.outcome.get("roles", []))

    @extend_schema_field(RuleSerializer(many=True))
    def get_rules(self, declaration: Declaration) -> Any:
        return RuleSerializer(told(declaration).rules, many=True).data


class MemberSerializer(serializers.ModelSerializer):
    """A person's place in the organisation."""

    email = serializers.EmailField(source="user.email", read_only=True)
    name = serializers.CharField(source="user.full_name", read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "email", "name", "role", "created_at"]


def _named(source: str, help_text: str) -> serializers.CharField:
    return serializers.CharField(
        source=f"line.{source}", read_only=True, allow_null=True, help_text=help_text
    )


class AuditRecordSerializer(serializers.ModelSerializer):
    """One line of the audit trail, and the names in it: null where there is none, or where it was erased."""

    facts = serializers.DictField(help_text="Codes, roles, states and counts.", read_only=True)
    actor_name = _named("who.text", "Who did it.")
    target_name = _named("target_name", "What it was done to.")
    address_name = _named("address.text", "Where from.")

    class Meta:
        model = AuditRecord
        fields = [
            "number",
            "at",
            "action",
            "actor",
            "actor_name",
            "staff_session",
            "token",
            "address",
            "address_name",
            "target_kind",
            "target",
            "target_name",
            "facts",
            "request_id",
            "previous_hash",
            "hash",
        ]


class AuditFilters(serializers.Serializer):
    action = serializers.CharField(required=False, max_length=60, help_text="Such as `run.requested`.")
    person = serializers.UUIDField(required=False, help_text="Who acted, or whom it was done to.")
    target = serializers.CharField(required=False, max_length=64, help_text="As records name it.")
    staff_session = serializers.UUIDField(required=False)
    since = serializers.DateTimeField(required=False, help_text="At or after this moment.")
    until = serializers.DateTimeField(required=False, help_text="Before this moment.")
