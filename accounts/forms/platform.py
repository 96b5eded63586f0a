"""What the platform's own people fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.domain.staff import MINUTES, REASON_LENGTH
from accounts.domain.tenants import Quotas
from accounts.forms.organisation import time_zone_choices
from accounts.models import Organisation, StaffSession

GIGABYTE = 1024**3
MOST = 2_000_000_000
"""Fits the columns of members and recordings."""
DURATIONS = {
    15: _("15 minutes"),
    30: _("30 minutes"),
    60: _("1 hour"),
    120: _("2 hours"),
    240: _("4 hours"),
}


class NewOrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zone_choices, help_text=_("The organisation can change it later.")
    )
    owner_email = forms.EmailField(
        label=_("E-mail address of the first owner"),
        max_length=254,
        help_text=_("The owner is mailed an invitation, and invites everybody else."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class OwnerForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class ReasonForm(forms.Form):
    """Why an organisation is suspended."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=Organisation._meta.get_field("state_reason").max_length,  # noqa: SLF001 - Django's documented API
        help_text=_("Its members read this. A sentence that tells them what to do is best."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CloseForm(forms.Form):
    """Why an organisation is closed, and its address typed, so that no other one is meant."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=Organisation._meta.get_field("state_reason").max_length,  # noqa: SLF001
        help_text=_("For the platform's own record; members can no longer read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    confirmation = forms.CharField(label=_("Address"), widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, slug: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slug = slug
        asked = _("Type %(slug)s to confirm that this organisation is to be closed.")
        self.fields["confirmation"].help_text = asked % {"slug": slug}

    def clean_confirmation(self) -> str:
        typed: str = self.cleaned_data["confirmation"]
        if typed != self.slug:
            asked = _("This is another address. Type %(slug)s if you mean this organisation.")
            raise forms.ValidationError(asked % {"slug": self.slug})
        return typed


class QuotaForm(forms.Form):
    """Limits; an empty field is no limit."""

    members = forms.IntegerField(
        label=_("Members"),
        required=False,
        min_value=0,
        max_value=MOST,
        help_text=_("Open invitations count."),
    )
    recordings = forms.IntegerField(label=_("Recordings"), required=False, min_value=0, max_value=MOST)
    gigabytes = forms.DecimalField(
        label=_("Recordings and documents, in GB"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        decimal_places=3,
        help_text=_("1 GB is 1024 MB."),
    )

    @staticmethod
    def filled(organisation: Organisation) -> dict[str, Any]:
        """The fields' values for what is set."""
        size = organisation.quota_bytes
        return {
            "members": organisation.quota_members,
            "recordings": organisation.quota_recordings,
            "gigabytes": None if size is None else round(size / GIGABYTE, 3),
        }

    def quotas(self) -> Quotas:
        size = self.cleaned_data["gigabytes"]
        return Quotas(
            self.cleaned_data["members"],
            self.cleaned_data["recordings"],
            None if size is None else int(size * GIGABYTE),
        )


class StaffSessionForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        min_length=REASON_LENGTH,
        max_length=StaffSession._meta.get_field("reason").max_length,  # noqa: SLF001
        help_text=_("The organisation reads it. Say what you were asked and what you will look at."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.TypedChoiceField(
        label=_("Duration"),
        coerce=int,
        initial=60,
        choices=[(minutes, DURATIONS[minutes]) for minutes in MINUTES],
        help_text=_("You can end it at any time before."),
    )
