"""What people in recordings agreed to and were told of, and the texts they were shown."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import access_consent, access_subject
from accounts.api.views import ListView, Need, TokenView
from accounts.domain.consent import consents, links, notices
from accounts.domain.consent.consents import SIGNER_LENGTH, Terms, Told
from accounts.domain.consent.purposes import OFFERED
from accounts.enums import ConsentWay, Scope
from accounts.models import Consent, Notice, PrivacyText
from accounts.permissions import Action

LOOK = Need(Scope.READ, Action.MANAGE_PROJECTS)
EDIT = Need(Scope.WRITE, Action.MANAGE_PROJECTS)
WAYS = [ConsentWay.LINK, ConsentWay.ATTESTED]
"""Signed forms are uploaded in the portal."""
NOTICE_WAYS = [*notices.WAYS.items(), (notices.LINK, _("At the link"))]


class TextSerializer(serializers.ModelSerializer):
    """One version of a text that people are shown."""

    class Meta:
        model = PrivacyText
        fields = ["id", "kind", "language", "version", "title", "body", "sha256", "published_at"]
        read_only_fields = fields


class ConsentSerializer(serializers.ModelSerializer):
    """A consent that is asked for, given or withdrawn."""

    purposes = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(OFFERED)), help_text="What it covers, or is asked for."
    )
    until = serializers.DateField(help_text="The last day of its term.")
    way = serializers.ChoiceField(
        choices=[(way.value, way.label) for way in ConsentWay],
        default=ConsentWay.LINK,
        help_text="`link` asks for it; `attested` says that it was given.",
    )
    send = serializers.BooleanField(
        write_only=True, default=True, help_text="Whether the link is mailed, where there is an address."
    )
    on = serializers.DateField(
        write_only=True, required=False, help_text="When it was given; of an attested one."
    )

    class Meta:
        model = Consent
        fields = [
            *("id", "subject", "text", "state", "way", "purposes", "culture", "calibration", "until"),
            *("email", "signer", "evidence_sha256", "asked_at", "link_expires_at", "given_at"),
            *("withdrawn_at", "withdrawn_by_subject", "send", "on"),
        ]
        read_only_fields = [
            *("subject", "state", "evidence_sha256", "asked_at", "link_expires_at", "given_at"),
            *("withdrawn_at", "withdrawn_by_subject"),
        ]
        extra_kwargs: ClassVar = {"signer": {"max_length": SIGNER_LENGTH}}

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        if told["way"] not in WAYS:
            raise serializers.ValidationError({"way": "A signed form is uploaded in the portal."})
        if told["way"] == ConsentWay.ATTESTED and not (told.get("signer") and told.get("on")):
            raise serializers.ValidationError({"signer": "An attested consent needs `signer` and `on`."})
        return told


class AskedSerializer(ConsentSerializer):
    """As a consent, with the person's link: in this one answer, and kept nowhere."""

    link = serializers.CharField(read_only=True, allow_null=True, help_text="null for an attested one.")

    class Meta(ConsentSerializer.Meta):
        fields = [*ConsentSerializer.Meta.fields, "link"]


class NoticeSerializer(serializers.ModelSerializer):
    """That a person was told of the analysis."""

    way = serializers.ChoiceField(choices=NOTICE_WAYS, help_text="How.")

    class Meta:
        model = Notice
        fields = ["id", "subject", "text", "way", "shown_at"]
        read_only_fields = ["subject"]


class Texts(ListView):
    tag = "consents"
    listed = "texts"
    serializer_class = TextSerializer
    needs: ClassVar = {"GET": LOOK}
    names: ClassVar = {"GET": "texts_list"}

    def rows(self, **_kwargs: Any) -> Any:
        return PrivacyText.objects.filter(published_at__isnull=False)

    @extend_schema(responses=TextSerializer(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002 - a view's signature
        """The published texts that people are shown, newest first."""
        return self.answer()


class Consents(ListView):
    tag = "consents"
    listed = "consents"
    serializer_class = ConsentSerializer
    newest_first_by = ("asked_at", "pk")
    needs: ClassVar = {"GET": LOOK, "POST": EDIT}
    names: ClassVar = {"GET": "consents_list", "POST": "consents_ask"}

    def rows(self, **kwargs: Any) -> Any:
        return Consent.objects.filter(subject=access_subject(kwargs["project_id"], kwargs["subject_id"]))

    @extend_schema(responses=ConsentSerializer(many=True))
    def get(self, request: Request, project_id: UUID, subject_id: UUID) -> Response:  # noqa: ARG002
        """What a subject was asked and agreed to, newest first."""
        return self.answer(project_id=project_id, subject_id=subject_id)

    @extend_schema(request=ConsentSerializer, responses={201: AskedSerializer})
    def post(self, request: Request, project_id: UUID, subject_id: UUID) -> Response:  # noqa: ARG002
        """Ask a subject for consent at a link, or attest that it was given.

        The text is a published one of `texts`. The link stands in this answer and nowhere else.
        """
        subject, told = access_subject(project_id, subject_id), self.told()
        text = told["text"]
        flags = (bool(told.get("culture")), bool(told.get("calibration")))
        terms = Terms(tuple(told["purposes"]), told["until"], *flags)
        if told["way"] == ConsentWay.ATTESTED:
            vouched = Told(told["signer"], told["on"], self.actor.user)
            made, link = consents.put_down(subject, text, terms, vouched), None
        else:
            issued = consents.ask(subject, text, terms, email=told.get("email", ""))
            made, link = issued.consent, links.address(issued.secret)
            if made.email and told["send"]:
                links.send(issued)
        answer = ConsentSerializer(made).data
        return Response({**answer, "link": link}, status=201)


class ConsentWithdrawal(TokenView):
    tag = "consents"
    serializer_class = ConsentSerializer
    needs: ClassVar = {"POST": EDIT}
    names: ClassVar = {"POST": "consents_withdraw"}

    @extend_schema(request=None, responses=ConsentSerializer)
    def post(self, request: Request, project_id: UUID, subject_id: UUID, consent_id: UUID) -> Response:  # noqa: ARG002
        """Withdraw a subject's consents for them: analyses stop, and all of theirs is erased.

        Refuses (`consent_over`) one that is not in force.
        """
        found = access_consent(access_subject(project_id, subject_id), consent_id)
        consents.withdraw(found, by_subject=False)
        return Response(self.get_serializer(found).data)


class Notices(ListView):
    tag = "consents"
    listed = "notices"
    serializer_class = NoticeSerializer
    newest_first_by = ("shown_at", "pk")
    needs: ClassVar = {"GET": LOOK, "POST": EDIT}
    names: ClassVar = {"GET": "notices_list", "POST": "notices_record"}

    def rows(self, **kwargs: Any) -> Any:
        return Notice.objects.filter(subject=access_subject(kwargs["project_id"], kwargs["subject_id"]))

    @extend_schema(responses=NoticeSerializer(many=True))
    def get(self, request: Request, project_id: UUID, subject_id: UUID) -> Response:  # noqa: ARG002
        """How and when a subject was told of the analysis, newest first."""
        return self.answer(project_id=project_id, subject_id=subject_id)

    @extend_schema(responses={201: NoticeSerializer})
    def post(self, request: Request, project_id: UUID, subject_id: UUID) -> Response:  # noqa: ARG002
        """Record that a subject was told of the analysis, `written` or `spoken`."""
        subject, told = access_subject(project_id, subject_id), self.told()
        made = notices.put_down(subject, told["text"], told["way"], told["shown_at"], self.actor.user)
        return Response(self.get_serializer(made).data, status=201)
