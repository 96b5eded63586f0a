"""What a reviewer fills in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reports.domain.reviews import Reading
from reports.enums import ReviewOutcome

REMARKS_LENGTH = 2000
"""Characters that fit above the summary of a report."""


class ReviewForm(forms.Form):
    """Signing a draft, or sending it back; `draft` is the hash of the one that was shown.

    Which of the two is in `outcome`, the name of both buttons.
    """

    name = forms.CharField(
        label=_("Your name, as you sign"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    remarks = forms.CharField(
        label=_("Remarks"),
        required=False,
        max_length=REMARKS_LENGTH,
        help_text=_("They stand in the signed report. Needed where you send the draft back: what is wrong?"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    read = forms.BooleanField(
        label=_(
            "I have read this draft and looked again at what I was in doubt about. Signing it is my own "
            "judgement, not the product's."
        ),
        required=False,
    )
    draft = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        outcome = self.data.get("outcome")
        if outcome not in ReviewOutcome:
            raise ValidationError(_("Choose whether you sign the report or send it back."))
        if outcome == ReviewOutcome.SIGNED and not given.get("read"):
            self.add_error("read", _("Tick this if it is so; a report is not signed unread."))
        if outcome == ReviewOutcome.RETURNED and "remarks" in given and not given["remarks"]:
            self.add_error("remarks", _("Say what keeps you from signing."))
        return given

    @property
    def signs(self) -> bool:
        return bool(self.data["outcome"] == ReviewOutcome.SIGNED)

    @property
    def reading(self) -> Reading:
        given = self.cleaned_data
        return Reading(given["name"], given["remarks"], given["draft"])
