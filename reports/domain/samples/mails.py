"""Mail to a prospect."""

from typing import Any

from django.core.mail import send_mail
from django.template.loader import render_to_string

from reports.models import SampleRequest


def send(sample: SampleRequest, name: str, *, to: str = "", **context: Any) -> None:
    """Mail `templates/reports/mail/sample_<name>.txt` to the prospect, or to `to`; in the scope of the desk.

    Nothing where the address is unknown or blanked. Raises OSError when the mail server does not take it.
    """
    address = to or sample.email
    if not address:
        return
    told = {"sample": sample, "organisation": sample.organisation, **context}
    subject = " ".join(render_to_string(f"reports/mail/sample_{name}_subject.txt", told).split())
    send_mail(subject, render_to_string(f"reports/mail/sample_{name}.txt", told), None, [address])
