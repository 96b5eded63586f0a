from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.domain.consent import notices, papers
from accounts.domain.consent.consents import SIGNER_LENGTH, Terms
from accounts.domain.consent.purposes import OFFERED, choices
from accounts.domain.consent.texts import LONGEST, current
from accounts.domain.rights.requests import WORDS_LENGTH
from accounts.enums import RightsKind, TextKind
from accounts.models import Consent, PrivacyText
from echodepth.errors import UserError

USUAL_DAYS = 365


def _usual_end() -> date:
    return timezone.localdate() + timedelta(days=USUAL_DAYS)


def _versions(kind: TextKind) -> list[tuple[str, str]]:
    return [(str(text.pk), f"{text.title} ({text.language}, {text.version})") for text in current(kind)]


class _Choosing(forms.Form):
    """With a text of `kind` to choose, the only one chosen already."""

    kind = TextKind.CONSENT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = _versions(self.kind)

    def chosen_text(self) -> PrivacyText:
        """Of valid forms only."""
        chosen: PrivacyText = PrivacyText.objects.get(pk=self.cleaned_data["text"])
        return chosen


class TermsForm(_Choosing):
    """What is agreed to; `purpose` is the one that the project declares."""

    text = forms.ChoiceField(label=_("Text"), help_text=_("The newest published version of each language."))
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        choices=list(OFFERED.items()),
        help_text=_("What the recordings may be analysed for."),
    )
    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day of the consent. After that it is asked for again."),
    )
    culture = forms.BooleanField(label=_("The person's culture may be declared and used"), required=False)
    calibration = forms.BooleanField(label=_("Recordings may calibrate a cohort"), required=False)

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purposes"].initial = [purpose] if purpose in OFFERED else []
        self.fields["until"].initial = _usual_end

    def terms(self) -> Terms:
        """Of valid forms only."""
        told = self.cleaned_data
        return Terms(tuple(told["purposes"]), told["until"], told["culture"], told["calibration"])


class AskForm(TermsForm):
    """Consent at a link; what is ticked here can be chosen there."""

    email = forms.EmailField(
        label=_("E-mail address of the person"),
        max_length=254,
        required=False,
        help_text=_("The link is mailed there. Leave it empty to copy the link and bring it yourself."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class PutDownForm(TermsForm):
    """Consent that was given elsewhere: on a form, or before somebody who vouches for it."""

    signer = forms.CharField(
        label=_("Name of the person who agreed"),
        max_length=SIGNER_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    on = forms.DateField(
        label=_("Given on"), widget=forms.DateInput(attrs={"type": "date"}), initial=timezone.localdate
    )
    form = forms.FileField(
        label=_("Signed form"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text=_("PDF, PNG or JPEG, at most %(megabytes)d MB. Without one, you vouch for the consent.")
        % {"megabytes": papers.LARGEST // 1_000_000},
    )
    vouched = forms.BooleanField(
        label=_("I vouch that this person read this version of the text and agreed to what stands here.")
    )

    paper: papers.Paper | None = None

    def clean_form(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["form"]
        if file:
            try:
                self.paper = papers.look(file)
            except UserError as error:
                raise forms.ValidationError(str(error.sentence)) from error
        return file


class NoticeForm(_Choosing):
    """A notice that was given elsewhere."""

    kind = TextKind.NOTICE

    text = forms.ChoiceField(label=_("Text"), help_text=_("The version that the person was told."))
    way = forms.ChoiceField(label=_("How"), choices=list(notices.WAYS.items()))
    on = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        initial=timezone.now,
        help_text=_("At the latest when the person was first recorded or analysed."),
    )

    def moment(self) -> datetime:
        """Of valid forms only."""
        told: datetime = self.cleaned_data["on"]
        return told


class SignForm(forms.Form):
    """What the person at the link chooses of what is asked, and their name."""

    purposes = forms.MultipleChoiceField(
        label=_("I agree that recordings of me are analysed for"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        error_messages={"required": _("Tick what you agree to, or choose “I do not agree” below.")},
    )
    culture = forms.BooleanField(
        label=_("My culture, if I name it, may be taken into account (this is up to you)"), required=False
    )
    calibration = forms.BooleanField(
        label=_("My recordings may help to learn what is usual in my culture (this is up to you)"),
        required=False,
    )
    signer = forms.CharField(
        label=_("Your full name"),
        max_length=SIGNER_LENGTH,
        help_text=_("It is your signature."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, consent: Consent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purposes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices(consent.purposes)
        for name in ("culture", "calibration"):
            if not getattr(consent, name):
                del self.fields[name]


class RightsForm(forms.Form):
    """What a person may ask for at their link."""

    kind = forms.ChoiceField(label=_("I ask for"), choices=RightsKind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For example what is wrong, or where the answer is to be sent."),
    )


class TextForm(forms.Form):
    """A draft of a text."""

    title = forms.CharField(label=_("Title"), max_length=200)
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 28}),
        help_text=_("Plain text. An empty line begins a new paragraph."),
    )


class NewTextForm(forms.Form):
    """Which text to begin a version of."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TextKind.choices)
    language = forms.CharField(
        label=_("Language"),
        max_length=10,
        initial="en",
        help_text=_("A tag such as en, de or pt-BR."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
