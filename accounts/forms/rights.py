from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.domain.projects import labelled
from accounts.domain.rights.corrections import LENGTH, Label
from accounts.domain.rights.requests import WORDS_LENGTH
from accounts.enums import RightsKind, RightsState
from accounts.models import Project, Subject

LATER = "later"


class RequestForm(forms.Form):
    """What somebody asked a member for: by letter, by telephone, in person."""

    project: "forms.ModelChoiceField[Project]" = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none()
    )
    label = forms.CharField(
        label=_("Person"), max_length=200, help_text=_("The label under which this project knows the person.")
    )
    kind = forms.ChoiceField(label=_("What they ask for"), choices=RightsKind, widget=forms.RadioSelect)
    received_on = forms.DateField(
        label=_("Received on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The time to answer runs from this day."),
    )
    words = forms.CharField(
        label=_("What they wrote or said"),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Erased together with the person."),
    )
    subject: Subject | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = Project.objects.order_by("name")  # type: ignore[attr-defined]

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("project") and data.get("label"):
            self.subject = labelled(data["project"], data["label"]).first()
            if self.subject is None:
                self.add_error("label", _("This project has no subject with this label."))
        return data

    def received_at(self) -> datetime:
        """The day's beginning in the organisation's zone; now, where it is today."""
        day: date = self.cleaned_data["received_on"]
        now = timezone.localtime()
        return now if day == now.date() else datetime.combine(day, time(), now.tzinfo)


class AnswerForm(forms.Form):
    """How a request ends, or that it takes longer."""

    outcome = forms.ChoiceField(label=_("Answer"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In words for the person"),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They are needed where you decline, or take longer. Send them to the person yourself."),
    )

    def __init__(self, *args: Any, kind: str, later: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = []
        if kind != RightsKind.ERASURE:
            choices.append((RightsState.DONE, _("Done as they asked")))
        choices.append((RightsState.DECLINED, _("Declined")))
        if later:
            until = later.strftime("%d %b %Y")
            choices.append((LATER, _("Takes longer: until %(day)s at the latest") % {"day": until}))
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]


class CopyForm(forms.Form):
    with_media = forms.BooleanField(
        label=_("Add recordings and reports"),
        required=False,
        help_text=_(
            "They may show other people too: look at them first. Without this, only what was measured of "
            "this person is in the copy."
        ),
    )


class CorrectionForm(forms.Form):
    """A field for each text that can be corrected, by its key."""

    def __init__(self, *args: Any, labels: list[Label], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for label in labels:
            field = forms.CharField(label=str(label.what), max_length=LENGTH, initial=label.text)
            self.fields[label.key] = field
