"""Reading from the DNS whether a domain says what we asked it to say."""

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from echodepth.errors import UserError
from echodepth.kinds import split_address

LABEL = "_echodepth"
KEY = "echodepth-verification="
SECONDS = 5.0
"""For all questions of one check."""


def record_name(domain: str) -> str:
    return f"{LABEL}.{domain}"


def record_value(secret: str) -> str:
    return f"{KEY}{secret}"


def check_record(domain: str, secret: str) -> None:
    """Return if a TXT record below the domain holds the secret.

    Raises UserError `domain_record_missing`, `domain_record_other`, `domain_dns_slow` or
    `domain_dns_failed`.
    """
    found = _texts(record_name(domain))
    if not any(_plain(text) == record_value(secret) for text in found):
        sentence = _(
            "The TXT record at %(name)s holds something else. Copy the value below into it; "
            "beside other values is fine too."
        )
        raise UserError("domain_record_other", sentence % {"name": record_name(domain)}, 409)


def _plain(text: str) -> str:
    """As some DNS consoles change it: quotes around it, letters in upper case, blanks at its ends."""
    return text.strip().strip("\"'").strip().lower()


def _texts(name: str) -> list[str]:
    """Every TXT value at the name; a value of several strings is one."""
    told = {"name": name}
    try:
        # The last dot: a search list of this machine's is not for other people's domains.
        answer = _resolver().resolve(dns.name.from_text(f"{name}."), "TXT", search=False, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        sentence = _(
            "There is no TXT record at %(name)s yet. A new record can take an hour or more to be seen "
            "everywhere; check again then."
        )
        raise UserError("domain_record_missing", sentence % told, 409) from None
    except dns.exception.Timeout:
        sentence = _("The DNS did not answer in time for %(name)s. Check again in a moment.")
        raise UserError("domain_dns_slow", sentence % told, 504) from None
    except dns.exception.DNSException:
        sentence = _("The DNS answers with an error for %(name)s. Check the domain with your DNS provider.")
        raise UserError("domain_dns_failed", sentence % told, 502) from None
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer.rrset or ()]


def _resolver() -> dns.resolver.Resolver:
    """Asks the system's name servers, or those the installation names."""
    if not settings.DNS_SERVERS:
        return dns.resolver.Resolver()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [_server(text) for text in settings.DNS_SERVERS]
    return resolver


def _server(text: str) -> dns.nameserver.Nameserver:
    try:
        host, port = split_address(text)
    except ValueError:
        host, port = text.strip("[]"), 53
    return dns.nameserver.Do53Nameserver(host, port)
