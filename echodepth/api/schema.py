"""The OpenAPI schema: what `docs/openapi.yaml` holds and `/api/v1/schema/` serves."""

from functools import cache
from typing import Any, Literal

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.utils import OpenApiResponse

from echodepth.api.serializers import ProblemSerializer
from echodepth.problems import CONTENT_TYPE

URLCONF = "echodepth.urls"
ALWAYS = {401: "No token, or none that opens anything", 403: "Scope or role do not allow it"}
NEVER_MISSING = {405: "Not possible here", 406: "No such kind of answer", 429: "Too many requests"}


class Described(AutoSchema):
    """Adds what every operation shares: the scope it needs, its filters, and the problems it may answer."""

    def get_operation_id(self) -> str:
        """Such as `recordings_list` or `runs_cancel`, as the view says it."""
        names: dict[str, str] = getattr(self.view, "names", {})
        return names.get(self.method) or str(super().get_operation_id())

    def get_tags(self) -> list[str]:
        tag = getattr(self.view, "tag", "")
        return [tag] if tag else list(super().get_tags())

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular's, which took the arguments out
        described = str(super().get_description())
        need = getattr(self.view, "needs", {}).get(self.method)
        return f"{described}\n\nScope of the token: `{need.scope}`." if need else described

    def get_override_parameters(self) -> list[Any]:
        filters = getattr(self.view, "filters", None)
        return [filters] if filters and self.method == "GET" else []

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status, words in self._problems().items():
            bodies[str(status)] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                OpenApiResponse(ProblemSerializer, words), str(status), media_types=[CONTENT_TYPE]
            )
        return bodies

    def _problems(self) -> dict[int, str]:
        writes = self.method in {"POST", "PUT", "PATCH"}
        found = dict(NEVER_MISSING) | {400: "Something sent cannot be used"}
        if getattr(self.view, "needs", None):
            found |= ALWAYS
        if "{" in self.path or writes:
            found |= {404: "Nothing there, or nothing that is yours"}
        if self.method != "GET":
            found |= {409: "The state of things does not allow it", 413: "Too large", 415: "No such body"}
        found |= getattr(self.view, "problems", {}).get(self.method, {})
        return dict(sorted(found.items()))


def parameters_last(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """One order of everything that has none, so that the file changes only where the API does."""
    result["components"]["schemas"] = dict(sorted(result["components"]["schemas"].items()))
    return result


def as_yaml() -> str:
    """The schema as `manage.py spectacular` writes it."""
    with override("en"):
        generator = SchemaGenerator(urlconf=URLCONF)  # type: ignore[no-untyped-call]
        schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    text: bytes = OpenApiYamlRenderer().render(schema, renderer_context={})  # type: ignore[no-untyped-call]
    return text.decode()


_once = cache(as_yaml)


@login_not_required
def schema(_request: HttpRequest) -> HttpResponse:
    """The contract, for everybody."""
    return HttpResponse(_once(), content_type="application/vnd.oai.openapi; charset=utf-8")
