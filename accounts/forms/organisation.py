from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.domain.projects import labelled
from accounts.enums import SubjectRole
from accounts.models import Organisation, Project, Subject

Groups = list[tuple[str, list[tuple[str, str]]]]


@cache
def time_zone_choices() -> Groups:
    """Every zone of the IANA database, grouped by area."""
    areas: dict[str, list[tuple[str, str]]] = {"": []}
    for name in sorted(available_timezones()):
        area, _slash, city = name.rpartition("/")
        areas.setdefault(area.partition("/")[0], []).append((name, city.replace("_", " ")))
    general = areas.pop("")
    return [("UTC, GMT", general), *sorted(areas.items())]


class OrganisationForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zone_choices,
        help_text=_("Pages and reports show times in this zone. They are stored in UTC."),
    )

    class Meta:
        model = Organisation
        fields = ["name", "time_zone"]


class ProjectForm(forms.ModelForm):
    class Meta:
        model = Project
        fields = ["name", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}


class SubjectForm(forms.Form):
    """A label that is free in `project`; `keep` is the subject that may hold it already."""

    label = forms.CharField(
        label=_("Label"),
        max_length=200,
        help_text=_("A pseudonym is best: the label appears in reports."),
    )
    role = forms.ChoiceField(
        label=_("What the person is to you"),
        choices=SubjectRole,
        required=False,
        initial=SubjectRole.UNKNOWN,
        help_text=_("The project's declared use says people of which roles may be analysed."),
    )

    def __init__(self, *args: Any, project: Project, keep: Subject | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project, self.keep = project, keep

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"]
        known = labelled(self.project, label).first()
        if known and known != self.keep:
            raise forms.ValidationError(_("This project has a subject with this label already."))
        return label

    def clean_role(self) -> SubjectRole:
        """Where nothing is said, what it was before."""
        before = self.keep.role if self.keep else SubjectRole.UNKNOWN
        return SubjectRole(self.cleaned_data["role"] or before)
