from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit_search import TARGET_LENGTH, Filters, persons

GROUPS = (
    (_("Sign-in and account"), ("session", "account")),
    (_("Organisation and members"), ("organisation", "member")),
    (_("Single sign-on and tokens"), ("sso", "token")),
    (_("Platform staff"), ("staff",)),
    (_("Projects and subjects"), ("project", "subject")),
    (
        _("Recordings, documents and results"),
        ("upload", "recording", "document", "run", "result", "report", "list"),
    ),
    (_("Declared uses, consent and rights"), ("declaration", "text", "consent", "notice", "rights")),
    (_("Retention and erasure"), ("retention", "hold", "erasure")),
    (_("Free samples"), ("sample",)),
    (_("Audit trail"), ("audit",)),
)


def action_choices() -> list[Any]:
    """Every action, grouped by what it is about; one of no group stands by itself."""
    grouped: list[tuple[str, list[tuple[str, str]]]] = []
    left = dict(AuditAction.choices)
    for heading, areas in GROUPS:
        actions = [(key, str(label)) for key, label in left.items() if key.partition(".")[0] in areas]
        grouped.append((str(heading), actions))
        left = {key: label for key, label in left.items() if key not in dict(actions)}
    return [("", _("Every action")), *grouped, *left.items()]


def person_choices(chosen: str) -> list[tuple[str, Any]]:
    """Whom the trail knows, and the one that is chosen, also if the name was erased or is one of too many."""
    known = {str(key): name for key, name in persons()}
    if chosen and chosen not in known:
        known[chosen] = str(_("A person not in this list"))
    return [("", _("Everybody")), *known.items()]


class AuditForm(forms.Form):
    """What is looked for; made inside the organisation's scope."""

    text = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        help_text=_("Name, address, title, or the id of a request"),
    )
    action = forms.ChoiceField(label=_("Action"), required=False, choices=action_choices)
    person = forms.UUIDField(label=_("Person"), required=False, widget=forms.Select)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))
    target = forms.CharField(required=False, max_length=TARGET_LENGTH, widget=forms.HiddenInput)
    staff_session = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].widget.choices = person_choices(self.data.get("person", ""))

    def filters(self) -> Filters:
        """What is asked for by the fields that could be read."""
        told = self.cleaned_data
        return Filters(
            action=told.get("action", ""),
            person=told.get("person"),
            since=told.get("since"),
            until=told.get("until"),
            target=told.get("target", ""),
            staff_session=told.get("staff_session"),
            text=told.get("text", "").strip(),
        )
