"""Handing in a certificate of erasure to be looked at."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.domain.erasure import certificates

LARGEST = 8_000_000
"""Bytes."""


class CertificateForm(forms.Form):
    """A file, or its text; afterwards `cleaned_data["told"]` is what it holds, None where that is no JSON."""

    certificate = forms.FileField(
        label=_("Certificate"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=_("The file as it was downloaded, in JSON."),
    )
    text = forms.CharField(
        label=_("or its text"),
        required=False,
        strip=True,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        file = given.get("certificate")
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("This file is too large to be a certificate."))
        content = file.read() if file else given.get("text", "")
        if not content and not self.errors:
            raise forms.ValidationError(_("Choose the certificate's file, or paste its text."))
        return given | {"told": certificates.read(content)}
