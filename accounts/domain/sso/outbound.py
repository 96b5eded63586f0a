"""Requests our server makes to addresses that a tenant's admin typed, or that a provider of theirs named.

Such an address may aim at what only our server can reach. So: HTTPS; no host that resolves to an address of
the inside, looked at once and then connected to that very address (a name may resolve differently the next
moment); no redirects, no proxy, nothing large, nothing slow.
"""

import json
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

import certifi
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from echodepth.errors import UserError

CONNECT_SECONDS = 3
READ_SECONDS = 5
DEADLINE_SECONDS = 8
"""For all of one exchange, whatever the other side does."""
MOST_BYTES = 256_000
ADDRESSES_TRIED = 3
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """Raises UserError `sso_answer_unreadable` for what is no JSON object."""
        try:
            found = json.loads(self.body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise _unreadable()
        return found


def fetch(url: str, *, form: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> Answer:
    """GET, or POST with `form`.

    Raises UserError `sso_address_refused`, `sso_address_private`, `sso_unreachable` or
    `sso_answer_unreadable`.
    """
    parts = check_address(url)
    connection = _Pinned(parts, _connected(parts))
    try:
        return _exchange(connection, parts, form, headers or {})
    except (OSError, HTTPException):
        raise _unreachable(parts) from None
    finally:
        connection.close()


def check_address(url: str) -> SplitResult:
    """The address in its parts; raises UserError `sso_address_refused` unless it is one of HTTPS.

    Plain HTTP is for the demonstration and for developers.
    """
    schemes = {"https", "http"} if settings.SSO_PLAIN_HTTP else {"https"}
    try:
        parts = urlsplit(url)
        usable = parts.scheme in schemes and parts.hostname and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable or any(sign <= " " or sign == "\x7f" for sign in url) or not url.isascii():
        sentence = _("This address cannot be used. It must begin with https:// and name a host.")
        raise UserError("sso_address_refused", sentence)
    return parts


def is_inside(address: str) -> bool:
    """Whether an IP address is anything but one of the public internet, or leads to such a one."""
    found = ip_address(address.partition("%")[0])
    return any(not each.is_global or each.is_multicast for each in (found, *_embedded(found)))


def _embedded(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 address that an IPv6 address stands for, by the ways in use."""
    if isinstance(address, IPv4Address):
        return []
    teredo = address.teredo
    found = [address.ipv4_mapped, address.sixtofour, teredo[1] if teredo else None]
    if address in _NAT64:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each]


def _addresses(parts: SplitResult) -> list[str]:
    """What the host resolves to. One address of the inside refuses all, unless the host is allowed."""
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _unreachable(parts) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    allowed = host in {name.lower() for name in settings.SSO_PRIVATE_HOSTS}
    if not allowed and any(is_inside(address) for address in addresses):
        sentence = _(
            "This host is in a private network, which EchoDepth does not reach into. "
            "Whoever runs this installation can allow it (ECHODEPTH_SSO_PRIVATE_HOSTS)."
        )
        raise UserError("sso_address_private", sentence)
    return addresses


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _connected(parts: SplitResult) -> socket.socket:
    """A connection to the first address that takes one."""
    for address in _addresses(parts)[:ADDRESSES_TRIED]:
        try:
            return socket.create_connection((address, _port(parts)), CONNECT_SECONDS)
        except OSError:
            continue
    raise _unreachable(parts)


class _Pinned(HTTPConnection):
    """Talks over a connection that stands; the host's name is for TLS and for the header alone."""

    def __init__(self, parts: SplitResult, connected: socket.socket) -> None:
        super().__init__(parts.hostname or "", _port(parts), timeout=READ_SECONDS)
        self.default_port = 443 if parts.scheme == "https" else 80
        self.sock = connected
        connected.settimeout(READ_SECONDS)
        if parts.scheme == "https":
            self.sock = _context().wrap_socket(
                connected, server_hostname=self.host, do_handshake_on_connect=False
            )
        # The library forgets its socket while an answer without a known end is still read from it.
        self.line = self.sock

    def shake_hands(self) -> None:
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def cut(self) -> None:
        """End the exchange from another thread."""
        with suppress(OSError):  # it may have ended by itself
            socket.socket.shutdown(self.line, socket.SHUT_RDWR)


def _context() -> ssl.SSLContext:
    """The system's authorities, an installation's own among them, and the usual ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _exchange(
    connection: _Pinned, parts: SplitResult, form: dict[str, str] | None, headers: dict[str, str]
) -> Answer:
    """One request and its answer; OSError or HTTPException when it breaks off, the deadline included."""
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "EchoDepth"} | headers
    body = None if form is None else urlencode(form)
    if body is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    watch = threading.Timer(DEADLINE_SECONDS, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.shake_hands()
        connection.request("GET" if body is None else "POST", target, body, sent)
        with connection.getresponse() as response:
            found = response.read(MOST_BYTES + 1)
            cut_short = response.length not in (None, 0)
    finally:
        watch.cancel()
    if len(found) > MOST_BYTES or cut_short:
        raise _unreadable()
    return Answer(response.status, found)


def _unreachable(parts: SplitResult) -> UserError:
    sentence = _("%(host)s could not be reached. Check the address, and that it answers from the internet.")
    return UserError("sso_unreachable", sentence % {"host": parts.hostname}, 502)


def _unreadable() -> UserError:
    sentence = _("The provider's answer could not be read. Check the address of the issuer.")
    return UserError("sso_answer_unreadable", sentence, 502)
