"""A mail server on this machine that keeps what it is sent."""

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings

from tests.support.postgres import free_port


class Mailbox:
    """Everything that came, in order."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"

    def last(self, to: str) -> EmailMessage:
        return [one for one in self.messages if one["To"] == to][-1]

    def words(self, to: str) -> str:
        """Of the newest mail to this address, what it says."""
        return str(self.last(to).get_content())


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Django's mails go there meanwhile."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    told = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": controller.port, "EMAIL_USE_TLS": False}
    try:
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", **told):
            yield mailbox
    finally:
        controller.stop()
