from datetime import UTC, datetime, timedelta, timezone

import pytest

from accounts.doors import INVITATION, STAFF_SESSION_IN
from tests.factories import InvitationFactory, StaffSessionFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_a_look_up_gives_ids_outside_of_any_scope():
    invitation = InvitationFactory()

    assert INVITATION.open(token_hash=invitation.token_hash) == [(invitation.organisation_id, invitation.pk)]


@pytest.mark.parametrize(
    "hostile", ["' OR '1'='1", "%", "x'; DROP TABLE accounts_invitation; --", "{token_hash}"]
)
def test_what_is_asked_is_a_value_and_no_sql(hostile):
    InvitationFactory()

    assert INVITATION.open(token_hash=hostile) == []


@pytest.mark.parametrize(("later", "found"), [(-1, True), (0, False), (1, False)])
def test_times_are_compared_as_times_in_any_zone(later, found):
    session = StaffSessionFactory(ends_at=NOON)
    slug = session.organisation.slug
    asked = (NOON + timedelta(seconds=later)).astimezone(timezone(timedelta(hours=9)))

    rows = STAFF_SESSION_IN.open(user_id=session.user_id, slug=slug, now=asked)
    assert rows == ([(session.organisation_id, session.pk)] if found else [])


def test_a_value_that_is_missing_is_an_error():
    with pytest.raises(KeyError, match="now"):
        STAFF_SESSION_IN.open(user_id=1, slug="acme")
