"""allauth's forms in the product's words."""

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import Plain

_NEW_PASSWORD = {
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, again"),
}


class LoginForm(Plain, allauth_forms.LoginForm):  # type: ignore[misc]
    labels = {"login": _("E-mail address"), "password": _("Password"), "remember": _("Keep me signed in")}
    without_help = ("password",)


class ResetPasswordForm(Plain, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    labels = {"email": _("E-mail address")}


class ResetPasswordKeyForm(Plain, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    labels = _NEW_PASSWORD


class ChangePasswordForm(Plain, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    labels = _NEW_PASSWORD
    without_help = ("oldpassword",)


class SetPasswordForm(Plain, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    labels = _NEW_PASSWORD


class ReauthenticateForm(Plain, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    labels = {"password": _("Password")}
    without_help = ("password",)


class AddEmailForm(Plain, allauth_forms.AddEmailForm):  # type: ignore[misc]
    labels = {"email": _("New e-mail address")}
