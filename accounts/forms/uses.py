from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.domain.lawful.choices import GROUPS, PURPOSES, REGIONS, SETTINGS, Choice, Purpose
from accounts.enums import SubjectRole

NAME_LENGTH = 200
DETAILS_LENGTH = 2000


class UseForm(forms.Form):
    """A use, as the rules judge it; purposes that are refused may be declared too, and are told so."""

    purpose = forms.ChoiceField(
        label=_("What are the recordings analysed for?"), widget=forms.RadioSelect(attrs={"class": "choices"})
    )
    setting = forms.ChoiceField(label=_("Where are they made?"))
    region = forms.ChoiceField(label=_("Where are the people in them?"))
    people = forms.MultipleChoiceField(
        label=_("Who is in the picture?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        help_text=_("Everybody who may be seen, also those whom it is not about."),
    )
    details = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=DETAILS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What a lawyer or an auditor should know of it. No names of people in the recordings."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("purpose", [(key, _explained(one)) for key, one in PURPOSES.items()])
        self._choices("setting", [("", _("Choose")), *_labels(SETTINGS)])
        self._choices("region", [("", _("Choose")), *_labels(REGIONS)])
        roles = [(role.value, role.label) for role in SubjectRole if role != SubjectRole.UNKNOWN]
        self._choices("people", [*roles, *_labels(GROUPS)])

    def _choices(self, name: str, choices: Iterable[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class ConfirmationForm(forms.Form):
    """The name of the responsible person, and that they mean it."""

    name = forms.CharField(
        label=_("Your full name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("It stands in the declaration from then on."),
    )
    responsible = forms.BooleanField(
        label=_("I am responsible for this use, and what is said above to be confirmed is so.")
    )


def _labels(choices: dict[str, Choice]) -> list[tuple[str, object]]:
    return [(key, one.label) for key, one in choices.items()]


def _explained(purpose: Purpose) -> SafeString:
    """Those that are refused stand behind the others, and say so."""
    mark = "" if purpose.roles else format_html(' <span class="badge">{}</span>', _("refused"))
    explained = '<span>{}{}<br><span class="muted small">{}</span></span>'
    return format_html(explained, purpose.label, mark, purpose.help)
