"""allauth's forms of second factors in the product's words."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.conf import settings
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import Plain

TOTP_SECONDS = 30
NAME_LENGTH = 80
STEPS_ALLOWED = 2 * settings.MFA_TOTP_TOLERANCE + 1
_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


def _as_code(form: Any) -> None:
    form.fields["code"].widget.attrs.update(_CODE)


def _as_name(form: Any) -> None:
    form.fields["name"].validators.append(MaxLengthValidator(NAME_LENGTH))
    form.fields["name"].widget.attrs["maxlength"] = NAME_LENGTH


class _Once(base.BaseAuthenticateForm):  # type: ignore[misc]
    """A code of the app works once, for as long as it is accepted; allauth forgets it after half a minute."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            digits = "".join(filter(str.isdigit, code))
            used = f"accounts.totp:{self.user.pk}:{digits}"
            if not cache.add(used, True, STEPS_ALLOWED * TOTP_SECONDS):
                raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(Plain, _Once, base.AuthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code from your app, or a recovery code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self)


class ReauthenticateForm(Plain, _Once, base.ReauthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code from your app, or a recovery code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self)


class ActivateTOTPForm(Plain, totp.ActivateTOTPForm):  # type: ignore[misc]
    labels = {"code": _("Code that the app shows now")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self)


class AddPasskeyForm(Plain, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    labels = {
        "name": _("Name of the passkey"),
        "passwordless": _("Sign in with it alone, without a password"),
    }
    without_help = ("passwordless",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_name(self)
        self.fields["name"].help_text = _("Such as the device it is on.")
        self.fields["passwordless"].initial = True


class EditPasskeyForm(Plain, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    labels = {"name": _("Name of the passkey")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_name(self)
