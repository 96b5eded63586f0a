"""What an owner fills in who leaves with the whole organisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class LeaveForm(forms.Form):
    """That everything was downloaded, and the organisation's name typed, so that no other one is meant."""

    downloaded = forms.BooleanField(
        label=_("I have downloaded all files, opened them, and keep them in a safe place."),
        error_messages={"required": _("Download the files first: nothing can be brought back later.")},
    )
    name = forms.CharField(label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, organisation_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation_name = organisation_name
        asked = _("Type %(name)s to confirm that everything of it is to be erased.")
        self.fields["name"].help_text = asked % {"name": organisation_name}

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        if typed.strip() != self.organisation_name:
            raise forms.ValidationError(_("Type the organisation's name exactly as it is shown."))
        return typed
