"""What members fill in: uploads of recordings and documents."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Declarant
from accounts.models import Project
from analysis.cohort_names import cohort_choices
from analysis.domain.intake.uploads import Announced, plain_name
from analysis.validators import DOCUMENT_KINDS

LARGEST = 2**63 - 1
"""Bytes that the database can say."""


def first_fault(form: forms.Form) -> dict[str, object]:
    """What a script is told of a form that is not valid."""
    first = next(iter(form.errors.values()))
    return {"code": "invalid", "sentence": first[0], "fields": form.errors}


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files; cleans to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        one = super().clean
        return (
            [one(file, initial) for file in data]
            if isinstance(data, list | tuple) and data
            else [one(data, initial)]
        )


class _Seconds(forms.NumberInput):
    def __init__(self) -> None:
        super().__init__(attrs={"step": "0.1", "inputmode": "decimal"})


class SubjectLabelForm(forms.Form):
    """Who is in a recording."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        help_text=_("A label for the person it is about; the same label in a project is the same person."),
        widget=forms.TextInput(attrs={"list": "subjects", "autocomplete": "off"}),
    )


class RecordingsForm(forms.Form):
    """Recordings of one project, and of one speaker where that is said."""

    uploads = FilesField(
        label=_("Video files"),
        help_text=_(
            "Choose MP4, MOV, WebM, AVI or MKV files, or drop them here. Each file is one recording."
        ),
        widget=FilesInput(attrs={"accept": "video/*,.mkv"}),
    )
    project: "forms.ModelChoiceField[Project]" = forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), empty_label=_("Choose a project")
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        required=False,
        help_text=_("A label for the person who speaks; the same label in a project is the same person."),
        widget=forms.TextInput(attrs={"list": "subjects", "autocomplete": "off"}),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("The file's name when left empty, or when there are several files."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = Project.objects.all()
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]
        if projects.count() == 1:
            self.fields["project"].initial = projects.first()

    def titled(self) -> list[tuple[UploadedFile, str]]:
        """Each file with its title; valid forms only."""
        files: list[UploadedFile] = self.cleaned_data["uploads"]
        title = self.cleaned_data["title"] if len(files) == 1 else ""
        return [(file, title) for file in files]


class FileForm(forms.Form):
    """What a script says of a file before it sends it in parts."""

    file_name = forms.CharField(max_length=1000, strip=False)
    size = forms.IntegerField(
        min_value=1, max_value=LARGEST, error_messages={"min_value": _("The file is empty. Choose it again.")}
    )
    client_key = forms.CharField(max_length=64, required=False)

    def announced(self) -> Announced:
        """Of valid forms only."""
        told = self.cleaned_data
        return Announced(plain_name(told["file_name"]), told.get("title", ""), told.get("subject", ""))


class AnnouncementForm(FileForm):
    """The same in the portal, where there are projects, titles and subjects to choose."""

    project: "forms.ModelChoiceField[Project]" = forms.ModelChoiceField(Project.objects.none())
    title = forms.CharField(max_length=200, required=False)
    subject = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = Project.objects.all()  # type: ignore[attr-defined]


class NeutralForm(forms.Form):
    """A stretch of a recording in which the speaker shows a neutral face, by the frames' own timestamps."""

    start = forms.FloatField(label=_("From, seconds"), min_value=0, widget=_Seconds)
    end = forms.FloatField(label=_("To, seconds"), min_value=0, widget=_Seconds)

    def __init__(self, *args: Any, last: float | None, **kwargs: Any) -> None:
        """`last` is the timestamp of the last frame, where an analysis has told it."""
        super().__init__(*args, **kwargs)
        self.last = last

    def clean_start(self) -> float:
        start: float = self.cleaned_data["start"]
        if self.last is not None and start >= self.last:
            raise forms.ValidationError(
                _("The recording ends at %(last).1f seconds."), params={"last": self.last}
            )
        return start

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if "start" in found and "end" in found and found["end"] <= found["start"]:
            self.add_error("end", _("This must be later than the beginning."))
        return found

    def stretch(self) -> tuple[float, float]:
        """Of valid forms only."""
        return self.cleaned_data["start"], self.cleaned_data["end"]


class CohortForm(forms.Form):
    """The cultural cohort that is declared of a subject, and the subject's consent to calibrate it."""

    cohort = forms.ChoiceField(
        label=_("Cultural cohort"),
        choices=lambda: [("", _("Not declared")), *cohort_choices()],
        required=False,
        help_text=_(
            "The country and language the subject grew up with, as the subject or you declare it. It is "
            "never read from a face; leave it undeclared when in doubt."
        ),
    )
    declared_by = forms.ChoiceField(
        label=_("Declared by"), choices=[("", _("Nobody")), *Declarant.choices], required=False
    )
    consent_on = forms.DateField(
        label=_("Consent to calibration, given on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_(
            "The day on which the subject agreed that these recordings serve to measure how much people of "
            "this cohort show. Empty without consent; nothing is then used."
        ),
    )

    def clean_consent_on(self) -> date | None:
        day: date | None = self.cleaned_data["consent_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("cohort") and "declared_by" in found and not found["declared_by"]:
            self.add_error("declared_by", _("Say who declared the cohort."))
        return found


class DocumentsForm(forms.Form):
    uploads = FilesField(
        label=_("Add documents"),
        help_text=_(
            "Choose PDF, Word (docx), OpenDocument (odt), PowerPoint (pptx), text or Markdown files, "
            "or drop them here."
        ),
        widget=FilesInput(attrs={"accept": ",".join(f".{kind}" for kind in DOCUMENT_KINDS)}),
    )
