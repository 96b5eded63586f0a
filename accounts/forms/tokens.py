from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.domain.tokens import MOST_DAYS, scopes_for
from accounts.enums import Scope

USUAL_DAYS = 90


class TokenForm(forms.Form):
    """A new API token; only the scopes that `actor`'s role can make use of are offered."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("What will use it, for example the name of the program."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may be used for"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        initial=[Scope.READ],
        help_text=_("It never allows more than your role does when it is used."),
    )
    days = forms.IntegerField(
        label=_("Expires after, days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=USUAL_DAYS,
        help_text=_("At most %(days)d.") % {"days": MOST_DAYS},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(scope.value, scope.label) for scope in scopes_for(actor.can)]

    def chosen(self) -> list[Scope]:
        """Of valid forms only."""
        return [Scope(value) for value in self.cleaned_data["scopes"]]
