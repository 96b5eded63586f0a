"""Forms of due dates, policies and legal holds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.domain.retention.limits import Limit, start_words
from accounts.enums import DataClass, RetentionStart
from accounts.models import Organisation, Project


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"})


class PolicyForm(forms.Form):
    """How long one class is kept, within the platform's limits."""

    days = forms.IntegerField()
    counted_from = forms.ChoiceField(label=_("Counted from"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, data_class: DataClass, limit: Limit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"] = forms.IntegerField(
            label=_("Days"),
            min_value=limit.least,
            max_value=limit.most,
            help_text=_("Between %(least)d and %(most)d") % {"least": limit.least, "most": limit.most},
        )
        choices = [(str(start), start_words(data_class, start)) for start in limit.starts]
        self.fields["counted_from"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            del self.fields["counted_from"]

    def start(self, limit: Limit) -> RetentionStart:
        """What was chosen; the only one where there is no choice."""
        return RetentionStart(self.cleaned_data.get("counted_from") or limit.starts[0])


class DueForm(forms.Form):
    """Which due dates are listed; made inside the organisation's scope."""

    data_class = forms.ChoiceField(
        label=_("Data"), required=False, choices=[("", _("All data")), *DataClass.choices]
    )
    project: "forms.ModelChoiceField[Project]" = forms.ModelChoiceField(
        label=_("Project"), required=False, queryset=None, empty_label=_("All projects")
    )
    until = forms.DateField(label=_("Erased until"), required=False, widget=_day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = Project.objects.all()  # type: ignore[attr-defined]


class ExtendForm(forms.Form):
    until = forms.DateField(label=_("Keep what is chosen until the end of"), widget=_day())
    row = forms.TypedMultipleChoiceField(choices=[])
    """Ids of the rows that are chosen; any, for each is looked up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.fields["row"].choices = [(key, key) for key in self.data.getlist("row")]  # type: ignore[attr-defined]


class HoldForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Members read it. Name the case, not the people in it."),
    )
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=_day(),
        help_text=_("Leave it empty to hold until somebody releases it."),
    )


class PublicPolicyForm(forms.ModelForm):
    """Whether anybody may read the policies, and whom people in recordings may turn to."""

    class Meta:
        model = Organisation
        fields = ["shows_retention", "privacy_contact"]
        help_texts = {
            "privacy_contact": _("An e-mail address or telephone number; public pages show it."),
        }
