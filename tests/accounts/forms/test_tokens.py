import pytest

from accounts.enums import Scope
from accounts.forms.tokens import TokenForm
from tests.support.people import actor


@pytest.mark.django_db
def test_the_form_offers_what_the_role_can_use_and_gives_scopes(analyst, owner):
    form = TokenForm({"name": "x", "scopes": ["read", "delete"], "days": "365"}, actor=actor(analyst))
    assert [value for value, _label in form.fields["scopes"].choices] == ["read", "write", "delete"]
    assert form.is_valid()
    assert form.chosen() == [Scope.READ, Scope.DELETE]
    everything = TokenForm(actor=actor(owner)).fields["scopes"].choices
    assert [value for value, _label in everything] == list(Scope)
