"""The demonstration's outbox: mails that were written to the data folder instead of being sent."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

SEPARATOR = b"-" * 79 + b"\n"
"""What Django's file-based backend writes after each mail."""
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    to: str
    date: datetime | None
    text: str


def read_outbox(folder: Path) -> list[Mail]:
    """The newest mails first, at most `SHOWN`; empty where the folder is not there."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    mails = (mail for file in files[:SHOWN] for mail in _mails(file.read_bytes()))
    return sorted(mails, key=lambda mail: mail.date or timezone.now(), reverse=True)[:SHOWN]


def _mails(content: bytes) -> list[Mail]:
    parser = BytesParser(EmailMessage, policy=policy.default)
    return [_mail(parser.parsebytes(part)) for part in content.split(SEPARATOR) if part.strip()]


def _mail(message: EmailMessage) -> Mail:
    date = message["date"].datetime if message["date"] else None
    body = message.get_body(("plain",))
    return Mail(
        subject=str(message["subject"] or ""),
        to=str(message["to"] or ""),
        date=date,
        text=body.get_content() if body else "",
    )


@login_not_required
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """The outbox page, in the demonstration and from this machine alone; else Http404."""
    if not settings.DEMO or not _from_this_machine(request):
        raise Http404
    return render(request, "outbox.html", {"mails": read_outbox(Path(settings.EMAIL_FILE_PATH))})


def _from_this_machine(request: HttpRequest) -> bool:
    if "X-Forwarded-For" in request.headers:
        return False  # a proxy on this machine speaks for someone elsewhere
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
