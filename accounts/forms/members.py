from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.enums import Role
from accounts.models import User


class RoleForm(forms.Form):
    """`actor` decides which roles are offered: only an owner can make owners, and a guest needs a report."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left_out = {Role.GUEST} if actor.can.manage_owners else {Role.GUEST, Role.OWNER}
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [choice for choice in Role.choices if choice[0] not in left_out]


class _Addressed(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The person receives a link, which works once and for seven days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class InvitationForm(_Addressed, RoleForm):
    field_order = ["email", "role"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["role"].initial = Role.ANALYST


class GuestForm(_Addressed):
    """Whom to show one report."""


class NewPersonForm(forms.Form):
    """Name and password of a person who accepts an invitation to `email`."""

    full_name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters; a few words that do not belong together are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password, again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any] | None:
        """The installation's rules for passwords, which know name and address."""
        given = self.cleaned_data
        password = given.get("password")
        if not password:
            return given
        if "again" in given and given["again"] != password:
            self.add_error("again", _("The two passwords differ."))
        try:
            validate_password(password, User(email=self.email, full_name=given.get("full_name", "")))
        except forms.ValidationError as error:
            self.add_error("password", error)
        return given
