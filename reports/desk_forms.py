"""What the desk fills in: the filters above the queue, and one small form for each thing that is done."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reports.domain.samples import listing
from reports.domain.samples.actions import LONGEST_TEXT
from reports.domain.samples.listing import Filters
from reports.models import SampleRequest

_AREA = {"rows": 4}


class QueueForm(forms.Form):
    """The filters, as the page's address says them; what is not known narrows nothing."""

    text = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Reference, name, company, e-mail")}
        ),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    tag = forms.ChoiceField(label=_("Tag"), required=False)
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, *args: Any, people: list[User], tags: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anybody = [("", _("Anybody's")), (listing.MINE, _("Mine")), (listing.NOBODY, _("Nobody's yet"))]
        self._offer("state", listing.choices())
        self._offer("owner", [*anybody, *((str(user.pk), str(user)) for user in people)])
        self._offer("tag", [("", _("Any tag")), *((tag, tag) for tag in tags)])

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def narrowing(self) -> list[forms.BoundField]:
        """The fields that stand beside each other, which nobody needs to be told are optional."""
        return [self[name] for name in ("text", "state", "owner", "tag")]

    def filters(self) -> Filters:
        self.is_valid()
        told = self.cleaned_data
        return Filters(**{name: told[name] for name in self.fields if told.get(name)})


class OwnerForm(forms.Form):
    owner: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [user.pk for user in people]
        self.fields["owner"].queryset = User.objects.filter(pk__in=keys)  # type: ignore[attr-defined]


class TagsForm(forms.Form):
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=400, help_text=_("Separated by commas.")
    )

    @staticmethod
    def of(sample: SampleRequest) -> "TagsForm":
        return TagsForm(initial={"tags": ", ".join(sample.tags)})

    def clean_tags(self) -> list[str]:
        told: str = self.cleaned_data["tags"]
        return told.split(",")


class QuestionForm(forms.Form):
    question = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_TEXT,
        help_text=_("It is mailed with a link for the answer. The clock stands until then."),
        widget=forms.Textarea(attrs=_AREA),
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Covering note"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("The prospect reads it above the report. No conclusions that the report does not hold."),
        widget=forms.Textarea(attrs=_AREA),
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        help_text=_("The prospect reads it as you write it, in a mail and at the link."),
        widget=forms.Textarea(attrs=_AREA),
    )


class ConvertForm(forms.Form):
    owner_email = forms.EmailField(
        label=_("E-mail address of the new organisation's owner"),
        help_text=_(
            "An invitation goes there. Only an admin gives another address than the prospect's confirmed one."
        ),
    )
