"""What a prospect tells when asking for a free sample analysis."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.domain.lawful.choices import GROUPS, REGIONS, SETTINGS
from accounts.domain.lawful.rules import Outcome
from accounts.domain.lawful.told import ToldRule, told_rule
from accounts.enums import SubjectRole, UseState
from reports.domain.samples import asking, countries
from reports.domain.samples.asking import Wanted

NAME_LENGTH = 200
EMAIL_LENGTH = 254
"""As much as is stored."""
WISH_LENGTH = 2000
PURPOSES = {
    "sales_meeting": _("Customers or prospects in a sales conversation with us"),
    "customer_interview": _("A customer or user whom we interview"),
    "own_pitch": _("Me, giving a pitch or a speech of my own"),
    "research": _("Participants of a study, who agreed to take part"),
}
"""Keys of `asking.ROLES`: who is in the recording, in plain words."""
PEOPLE = {
    SubjectRole.OWN_STAFF.value: _("People of our own company (they are left out)"),
    **{key: group.label for key, group in GROUPS.items()},
}
TRAP = "website"
"""A field that nobody sees: what is written into it was written by a program."""


class SampleForm(forms.Form):
    """A request, as the rules judge it; by the prospect, or by staff for one.

    Where the rules refuse it, or ask somebody to confirm something by name, `refused` and `to_confirm` say
    what and why.
    """

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Work e-mail"),
        max_length=EMAIL_LENGTH,
        help_text=_("We mail a private link to it. It proves the address and opens everything that follows."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    company = forms.CharField(
        label=_("Company"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(
        label=_("Where do you work?"), help_text=_("Its public holidays do not count as working days.")
    )
    wish = forms.CharField(
        label=_("What do you want to learn?"),
        max_length=WISH_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence or two. No names of people in the recording."),
    )
    purpose = forms.ChoiceField(
        label=_("Who is in the recording, and is to be analysed?"),
        widget=forms.RadioSelect(attrs={"class": "choices"}),
        choices=list(PURPOSES.items()),
    )
    setting = forms.ChoiceField(label=_("Where was it made?"))
    region = forms.ChoiceField(label=_("Where are the people in it?"))
    people = forms.MultipleChoiceField(
        label=_("Can any of these be seen too?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        choices=list(PEOPLE.items()),
    )
    agreed = forms.BooleanField(
        label=_(
            "Everybody who can be seen was told that an AI system analyses facial expressions, and agreed to "
            "it. If I am the one who is seen, I agree."
        )
    )
    responsible = forms.BooleanField(
        label=_("I am responsible for this use, and no decision about a person will rest on the report.")
    )
    confirms = forms.CharField(required=False, max_length=500)
    """The rules that are confirmed by name, as `confirmation` names them."""
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, by_staff: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_by_staff = False
        self.refused: list[ToldRule] = []
        self.to_confirm: list[ToldRule] = []
        self._choices("country", countries.names())
        settings = {key: one.label for key, one in SETTINGS.items() if key != "demonstration"}
        self._choices("setting", settings)
        self._choices("region", {key: one.label for key, one in REGIONS.items()})
        if by_staff:
            self._ask_staff()

    @cached_property
    def is_trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.data.get(self.add_prefix(TRAP)))

    @property
    def confirmation(self) -> str:
        """Names what is to be confirmed: another use wants another confirmation."""
        return ",".join(rule.id for rule in self.to_confirm)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors:
            self._judge(asking.judge(self._wanted(told)))
        return told

    def wanted(self) -> Wanted:
        """What a valid form tells."""
        return self._wanted(self.cleaned_data)

    def _wanted(self, told: dict[str, Any]) -> Wanted:
        texts = {name: " ".join(told[name].split()) for name in ("name", "company")}
        chosen = {name: told[name] for name in ("email", "wish", "country", "region", "purpose", "setting")}
        return Wanted(**texts, **chosen, people=tuple(told["people"]))

    def _judge(self, outcome: Outcome) -> None:
        if outcome.state == UseState.REFUSED:
            self.refused = [told_rule(rule) for rule in outcome.rules]
            self.add_error(
                None, _("This product refuses this use. Nothing was kept; the reasons stand below.")
            )
            return
        told = [told_rule(rule) for rule in outcome.rules]
        if outcome.state == UseState.UNCONFIRMED:
            self.to_confirm = [rule for rule in told if rule.confirms]
            if self.data.get(self.add_prefix("confirms")) != self.confirmation:
                sentence = _("One more thing: read what stands below, and confirm that it is so.")
                self.add_error("confirms", sentence)

    def _choices(self, name: str, labels: Any) -> None:
        offered = [("", _("Choose")), *labels.items()]
        self.fields[name].choices = offered  # type: ignore[attr-defined]

    def _ask_staff(self) -> None:
        """The same of somebody else."""
        self.is_by_staff = True
        self.fields["name"].label = _("Name of the prospect")
        self.fields["country"].label = _("Where does the prospect work?")
        self.fields["wish"].label = _("What do they want to learn?")
        self.fields["email"].help_text = _("The report's link and its code are mailed there.")
        self.fields["purpose"].label = _("Who is in the recording, and is to be analysed?")
        for name in ("name", "email", "company"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["purpose"].choices = [  # type: ignore[attr-defined]
            (key, _("The prospect, giving a pitch or a speech of their own") if key == asking.OWN else label)
            for key, label in PURPOSES.items()
        ]
        self.fields["agreed"].label = _(
            "The prospect told me that everybody who can be seen was told that an AI system analyses facial "
            "expressions, and agreed to it."
        )
        self.fields["responsible"].label = _(
            "The prospect is responsible for this use, and knows that no decision about a person may rest on "
            "the report."
        )
