"""Lists a page at a time: `results`, and in `next` the address of the page behind it.

A page begins behind the last row of the one before it, wherever that row stands by now: what is added or
deleted in between neither repeats a row nor leaves one out. (The framework's own cursor goes by the
first field and counts among rows that are equal in it, so that there it can.)
"""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError as FieldError
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

PAGE = 50
LARGEST_PAGE = 200
MAX_OFFSET = 2**31
CURSOR, LIMIT = "cursor", "limit"


def encode(position: Sequence[str]) -> str:
    """A cursor: opaque to clients, and no secret."""
    return base64.urlsafe_b64encode(json.dumps(list(position)).encode()).decode().rstrip("=")


def decode(cursor: str, parts: int) -> list[str]:
    """Raises ValidationError for what is no cursor of this list."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        found = None
    if isinstance(found, list) and len(found) == parts and all(isinstance(one, str) for one in found):
        return found
    raise wrong_cursor()


def wrong_cursor() -> ValidationError:
    return ValidationError({CURSOR: [_("This is no cursor of this list. Take it from `next`.")]})


class Pages(BasePagination):
    """What lists of rows and lists in files share."""

    def limit(self, request: Request) -> int:
        text = request.query_params.get(LIMIT, "")
        if not text:
            return PAGE
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= LARGEST_PAGE):
            raise ValidationError({LIMIT: [_("Ask for 1 to %(most)d rows.") % {"most": LARGEST_PAGE}]})
        return int(text)

    def take(self, request: Request, rows: list[Any], limit: int, position: Any) -> list[Any]:
        """The page of `rows`, of which there is one more than `limit` where there is a next page."""
        page = rows[:limit]
        self.next = None
        if len(rows) > limit:
            cursor = encode(position(page[-1]))
            self.next = replace_query_param(request.build_absolute_uri(), CURSOR, cursor)
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.next})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": {"type": "array", "items": schema.get("items", schema)},
                "next": {
                    "type": "string",
                    "format": "uri",
                    "nullable": True,
                    "description": "Address of the next page; null on the last one.",
                },
            },
        }

    def get_schema_operation_parameters(self, _view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": CURSOR,
                "in": "query",
                "required": False,
                "description": "Where a page begins, as `next` says it.",
                "schema": {"type": "string"},
            },
            {
                "name": LIMIT,
                "in": "query",
                "required": False,
                "description": f"Rows a page; {PAGE} where none is given.",
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
            },
        ]


class NewestFirst(Pages):
    """Rows by `fields`, all descending, the last of which tells any two rows apart."""

    fields: Sequence[str] = ("created_at", "pk")

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        fields: Sequence[str] = getattr(view, "newest_first_by", self.fields)
        limit = self.limit(request)
        rows = queryset.order_by(*(f"-{name}" for name in fields))
        cursor = request.query_params.get(CURSOR, "")
        if cursor:
            rows = rows.filter(_behind(queryset.model, fields, decode(cursor, len(fields))))
        return self.take(request, list(rows[: limit + 1]), limit, lambda row: _position(row, fields))


class InOrder(Pages):
    """What a finished result lists: it never changes, so a page begins at a number."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:  # noqa: ARG002 - the framework's signature
        """`queryset` is a sequence."""
        limit = self.limit(request)
        cursor = request.query_params.get(CURSOR, "")
        start = _number(decode(cursor, 1)[0]) if cursor else 0
        numbered = list(enumerate(queryset[start : start + limit + 1], start))
        page = self.take(request, numbered, limit, lambda one: [str(one[0] + 1)])
        return [row for _place, row in page]


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_OFFSET:
        return int(text)
    raise wrong_cursor()


def _position(row: Model, fields: Sequence[str]) -> list[str]:
    found = [getattr(row, name) for name in fields]
    return [one.isoformat() if hasattr(one, "isoformat") else str(one) for one in found]


def _behind(model: type[Model], fields: Sequence[str], position: Sequence[str]) -> Q:
    """Rows behind the position: less in one field, and equal in those before it."""
    values = [_value(model, name, text) for name, text in zip(fields, position, strict=True)]
    found, same = Q(), Q()
    for name, value in zip(fields, values, strict=True):
        found |= same & Q(**{f"{name}__lt": value})
        same &= Q(**{name: value})
    # Beside the exact condition a plain one, which an index answers.
    return Q(**{f"{fields[0]}__lte": values[0]}) & found


def _value(model: type[Model], name: str, text: str) -> Any:
    meta = model._meta  # noqa: SLF001 - Django's documented API
    field = meta.pk if name == "pk" else meta.get_field(name)
    try:
        value = field.to_python(text)  # type: ignore[union-attr]
    except (FieldError, ValueError, OverflowError):
        raise wrong_cursor() from None
    if value is None or (isinstance(value, int) and abs(value) > 2**63 - 1):
        raise wrong_cursor()
    return value
