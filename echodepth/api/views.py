"""What every address of the API shares: JSON in and out, problems, and nothing kept by caches."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from echodepth.api.exceptions import handle
from echodepth.api.pagination import NewestFirst


class ApiView(GenericAPIView):
    """A view whose answer is rendered before what it has entered is left."""

    renderer_classes: Any = (JSONRenderer,)
    parser_classes: Any = (JSONParser,)
    pagination_class: Any = NewestFirst
    metadata_class = None
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    filters: ClassVar[type[serializers.Serializer] | None] = None
    """What a list is filtered by: the query's parameters."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with ExitStack() as self._within:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
            render = getattr(response, "render", None)
            return render() if callable(render) else response

    def enter(self, context: AbstractContextManager[Any]) -> None:
        """Stay inside it until the answer is rendered."""
        self._within.enter_context(context)

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return handle

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if getattr(answer, "exception", False):
            answer.accepted_renderer = JSONRenderer()  # whatever the view gives else
        if not answer.has_header("Cache-Control"):
            add_never_cache_headers(answer)
        return answer

    def filtered_by(self) -> dict[str, Any]:
        """The query's filters that were given; raises ValidationError by field."""
        if self.filters is None:
            return {}
        told = self.filters(data=self.request.query_params)
        told.is_valid(raise_exception=True)
        found: dict[str, Any] = told.validated_data
        return found

    def told(self) -> dict[str, Any]:
        """The body by the view's serializer; raises ValidationError by field."""
        serializer = self.get_serializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        found: dict[str, Any] = serializer.validated_data
        return found


class BodyIsRead(ApiView):
    """A view that reads the body itself, in pieces, once it knows who sends it."""

    parser_classes: Any = ()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view: Any = super().as_view(**initkwargs)
        view.reads_its_body = True
        return view
