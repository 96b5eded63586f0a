from uuid import uuid4

import pytest
from django_scopes.exceptions import ScopeError

from analysis.doors import MOST, usage_of
from analysis.models import Recording


def test_numbers_of_each_organisation_outside_of_any_scope(acme, other):
    for size in (b"one", b"three"):
        acme.recording(media=size)
    acme.document(content=b"document")
    other.document(content=b"x")

    assert usage_of([acme.organisation.pk, other.organisation.pk]) == {
        acme.organisation.pk: (2, 16),
        other.organisation.pk: (0, 1),
    }
    assert usage_of([other.organisation.pk]) == {other.organisation.pk: (0, 1)}
    with pytest.raises(ScopeError):
        Recording.objects.count()


def test_what_is_not_there_has_no_line(acme):
    assert usage_of([uuid4()]) == {}
    assert usage_of([]) == {}


def test_no_more_than_the_door_has_places_for(db):
    assert usage_of([uuid4() for _ in range(MOST)]) == {}
    with pytest.raises(ValueError, match=str(MOST + 1)):
        usage_of([uuid4() for _ in range(MOST + 1)])
