from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.domain.sso.names import domain_name
from accounts.domain.sso.outbound import check_address
from accounts.domain.sso.providers import JOINING_ROLES, ProviderFacts
from accounts.enums import Role
from accounts.models import IdentityProvider
from echodepth.errors import UserError


def _said(error: UserError) -> forms.ValidationError:
    return forms.ValidationError(str(error.sentence), code=error.code)


class StartForm(forms.Form):
    """The address whose domain tells the provider; nobody looks for an account of it."""

    email = forms.EmailField(
        label=_("E-mail address at work"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class DomainForm(forms.Form):
    name = forms.CharField(
        label=_("Domain"),
        max_length=253,
        help_text=_("The part of your addresses behind the @, such as example.org."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_name(self) -> str:
        try:
            return domain_name(self.cleaned_data["name"])
        except UserError as error:
            raise _said(error) from None


class ProviderForm(forms.Form):
    """`provider` is the one that stands; its secret is kept, and never shown, where none is typed."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("For your own pages, such as Okta or Entra ID.")
    )
    issuer = forms.CharField(
        label=_("Issuer"),
        max_length=200,
        help_text=_(
            "The provider's own address, such as https://login.example.org, exactly as it is written there."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    client_id = forms.CharField(
        label=_("Client ID"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    client_secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role of new members"),
        choices=[(role.value, role.label) for role in JOINING_ROLES],
        initial=Role.VIEWER,
        help_text=_("Of people who join by their first single sign-on. Members keep the role they have."),
    )

    def __init__(self, *args: Any, provider: IdentityProvider | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if provider:
            secret = self.fields["client_secret"]
            secret.required = False
            secret.help_text = _("Kept encrypted. Leave this empty to keep the one that is stored.")
            for name in ("name", "issuer", "client_id", "role"):
                self.fields[name].initial = getattr(provider, name)

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"]
        try:
            check_address(issuer)
        except UserError as error:
            raise _said(error) from None
        return issuer

    def facts(self) -> ProviderFacts:
        told = self.cleaned_data
        return ProviderFacts(
            told["name"], told["issuer"], told["client_id"], told["client_secret"], Role(told["role"])
        )
