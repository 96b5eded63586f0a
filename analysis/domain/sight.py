"""What is shown: all but what is being erased, from the moment somebody asks for that."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from accounts.domain.erasure import erasures
from analysis.models import Document

M = TypeVar("M", bound=Model)


def in_sight(rows: "QuerySet[M]", recording: str = "") -> "QuerySet[M]":
    """Without what is being erased, by itself or with a person who is in it, or its project.

    `rows` are recordings or documents; or, where `recording` is the way to it, such as `recording__`, what
    belongs to one.
    """
    kinds = {"project": "project"}
    if rows.model is Document:
        kinds["pk"] = "document"
    else:
        kinds |= {"subject": "subject", "assignments__subject": "subject", "pk": "recording"}
    for field, kind in kinds.items():
        rows = rows.exclude(**{f"{recording}{field}__in": erasures.under_way(kind)})
    return rows
