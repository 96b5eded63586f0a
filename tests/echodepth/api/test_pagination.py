import base64
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.models import Project
from echodepth.api.pagination import InOrder, NewestFirst, decode, encode
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory


def asked(**query):
    return Request(RequestFactory().get("/api/v1/projects/", query))


def page(rows, **query):
    """The rows of a page, and the cursor of the next one."""
    pages = NewestFirst()
    found = pages.paginate_queryset(rows, asked(**query))
    told = pages.get_paginated_response(found).data
    following = told["next"].split("cursor=")[1].split("&")[0] if told["next"] else None
    return found, following


@pytest.fixture
def projects(organisation):
    """Seven, of which four were made in the same instant."""
    made = [ProjectFactory(organisation=organisation) for _ in range(7)]
    with tenant(organisation.pk):
        instant = timezone.now()
        for number, project in enumerate(made):
            at = instant - timedelta(seconds=max(0, number - 3))
            Project.objects.filter(pk=project.pk).update(created_at=at)
        yield list(Project.objects.order_by("-created_at", "-pk"))


def test_pages_follow_each_other_without_repeating_or_leaving_out(projects):
    seen, cursor = [], ""
    for _ in range(4):
        found, cursor = page(Project.objects.all(), limit=2, **({"cursor": cursor} if cursor else {}))
        seen += found
    assert seen == projects
    assert cursor is None


def test_what_comes_and_goes_in_between_changes_no_other_row(projects, organisation):
    first, cursor = page(Project.objects.all(), limit=3)
    ProjectFactory(organisation=organisation)
    first[-1].delete()
    rest, _end = page(Project.objects.all(), limit=50, cursor=cursor)
    assert rest == projects[3:]


def test_a_page_is_one_query(projects):
    _first, cursor = page(Project.objects.all(), limit=3)
    with CaptureQueriesContext(connection) as seen:
        page(Project.objects.all(), limit=3, cursor=cursor)
    assert len(seen) == 1


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!",
        "ä",
        encode([]),
        encode(["2026-01-01T00:00:00+00:00"]),
        encode(["yesterday", "x"]),
        encode(["2026-01-01T00:00:00+00:00", "no-uuid"]),
        base64.urlsafe_b64encode(json.dumps([1, 2]).encode()).decode(),
        base64.urlsafe_b64encode(b'{"a": 1}').decode(),
        "W" * 4000,
    ],
)
def test_what_is_no_cursor_of_the_list_is_refused(projects, cursor):
    with pytest.raises(ValidationError) as refused:
        page(Project.objects.all(), cursor=cursor)
    assert list(refused.value.detail) == ["cursor"]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1.5", "²", "9" * 50])
def test_a_page_has_1_to_200_rows(projects, limit):
    with pytest.raises(ValidationError) as refused:
        page(Project.objects.all(), limit=limit)
    assert list(refused.value.detail) == ["limit"]


def test_a_cursor_carries_its_position_and_nothing_else():
    assert decode(encode(["a", "ü"]), 2) == ["a", "ü"]


def test_a_list_in_a_file_goes_by_number():
    pages, letters = InOrder(), list("abcdefg")
    assert pages.paginate_queryset(letters, asked(limit=3)) == ["a", "b", "c"]
    cursor = pages.get_paginated_response([]).data["next"].split("cursor=")[1].split("&")[0]
    assert pages.paginate_queryset(letters, asked(limit=4, cursor=cursor)) == ["d", "e", "f", "g"]
    assert pages.get_paginated_response([]).data["next"] is None


@pytest.mark.parametrize("place", ["-1", "x", "9" * 11, "²"])
def test_a_place_that_is_no_number_is_refused(place):
    with pytest.raises(ValidationError):
        InOrder().paginate_queryset([1], asked(cursor=encode([place])))
