"""The organisation itself: its facts, its members, its audit trail."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import (
    AuditFilters,
    AuditRecordSerializer,
    MemberSerializer,
    OrganisationSerializer,
)
from accounts.api.views import READ, ListView, Need, TokenView
from accounts.domain.audit_lines import lines
from accounts.domain.audit_search import Filters, search
from accounts.enums import Scope
from accounts.models import AuditRecord, Membership
from accounts.permissions import Action


class OneOrganisation(TokenView):
    tag = "organisation"
    serializer_class = OrganisationSerializer
    needs: ClassVar = {"GET": READ}
    names: ClassVar = {"GET": "organisation_get"}

    def get(self, request: Request) -> Response:  # noqa: ARG002 - a view's signature
        """The organisation the token belongs to."""
        return Response(self.get_serializer(self.actor.organisation).data)


class Members(ListView):
    tag = "members"
    listed = "members"
    serializer_class = MemberSerializer
    needs: ClassVar = {"GET": Need(Scope.MEMBERS, Action.MANAGE_MEMBERS)}
    names: ClassVar = {"GET": "members_list"}

    def rows(self, **_kwargs: Any) -> Any:
        return Membership.objects.select_related("user")

    @extend_schema(responses=MemberSerializer(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Who belongs to the organisation, and as what; newest first."""
        return self.answer()


class Audit(ListView):
    tag = "audit"
    listed = "audit"
    serializer_class = AuditRecordSerializer
    filters = AuditFilters
    newest_first_by = ("number",)
    needs: ClassVar = {"GET": Need(Scope.AUDIT, Action.VIEW_AUDIT)}
    names: ClassVar = {"GET": "audit_list"}

    def rows(self, **_kwargs: Any) -> Any:
        asked = self.filtered_by()
        since, until = asked.pop("since", None), asked.pop("until", None)
        found = search(Filters(**asked))
        found = found.filter(at__gte=since) if since else found
        return found.filter(at__lt=until) if until else found

    def listed_rows(self, page: list[AuditRecord]) -> list[AuditRecord]:
        for line in lines(page):
            line.record.line = line  # type: ignore[attr-defined]  # what the serializer reads names from
        return page

    @extend_schema(responses=AuditRecordSerializer(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """The audit trail, newest first. Reading it is itself recorded."""
        return self.answer()
