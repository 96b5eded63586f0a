"""How often a door may be tried; allauth's own limits stand in the settings beside these."""

import ipaddress

from echodepth.limits import Limit

MINUTE = 60
HOUR = 60 * MINUTE

SIGN_IN_PAIR = Limit("sign-in-pair", 5, 15 * MINUTE)
"""Failed sign-ins of one account from one network address."""
SIGN_IN_ADDRESS = Limit("sign-in-address", 30, 15 * MINUTE)
"""Failed sign-ins from one network address, whatever the accounts."""
SIGN_IN_ACCOUNT = Limit("sign-in-account", 100, HOUR)
"""Failed sign-ins of one account, whatever the addresses: many machines guess slowly, and one guess does not
lock its owner out."""
INVITATION = Limit("invitation", 30, 15 * MINUTE)
"""Links of invitations that lead nowhere, tried from one network address."""
INVITATION_MAIL = Limit("invitation-mail", 5, HOUR)
"""Invitations mailed by one organisation to one address."""
INVITATION_MAILS = Limit("invitation-mails", 100, HOUR)
"""Invitations mailed by one organisation: what it may write in them is its own name."""
CONSENT_LINK = Limit("consent-link", 30, 15 * MINUTE)
"""Links to consents that lead nowhere, tried from one network address."""
CONSENT_MAIL = Limit("consent-mail", 5, HOUR)
"""Links to consents mailed by one organisation to one address."""
CONSENT_MAILS = Limit("consent-mails", 200, HOUR)
"""Links to consents mailed by one organisation."""
CONSENT_RIGHTS = Limit("consent-rights", 5, HOUR)
"""Requests sent at one person's link."""
SAMPLE_ASK = Limit("sample-ask", 10, HOUR)
"""Free sample analyses asked for from one network address."""
SAMPLE_MAIL = Limit("sample-mail", 5, HOUR)
"""Links to sample requests mailed to one address."""
SAMPLE_MAILS = Limit("sample-mails", 200, HOUR)
"""Links to sample requests mailed to anybody: the form is open to everybody."""

SAMPLE_LINK = Limit("sample-link", 30, 15 * MINUTE)
"""Links to sample requests that lead nowhere, tried from one network address."""
SAMPLE_CODE = Limit("sample-code", 5, HOUR)
"""Codes mailed to open one sample report."""
SAMPLE_UPLOAD = Limit("sample-upload", 20, HOUR)
"""Files announced or sent for one sample request."""
CERTIFICATE = Limit("certificate", 60, 15 * MINUTE)
"""Certificates that are handed in from one network address to be verified."""


class SignIn:
    """One attempt to sign in by password, which counts unless it succeeds."""

    def __init__(self, places: list[tuple[Limit, str]]) -> None:
        self._places = places

    @classmethod
    def begin(cls, address: str, account: str) -> "SignIn":
        """`account` is what was typed, whether there is such an account or not.

        Raises UserError `too_many_requests`.
        """
        address, account = network(address), account.strip().casefold()
        attempt = cls([])
        for limit, whom in (
            (SIGN_IN_PAIR, (address, account)),
            (SIGN_IN_ADDRESS, (address,)),
            (SIGN_IN_ACCOUNT, (account,)),
        ):
            attempt._places.append((limit, limit.take(*whom)))
        return attempt

    def succeeded(self) -> None:
        for limit, place in self._places:
            limit.give_back(place)


def forgive(address: str, account: str) -> None:
    """The owner of the account's mail chose a new password: earlier failures count no more."""
    SIGN_IN_PAIR.clear(network(address), account.casefold())
    SIGN_IN_ACCOUNT.clear(account.casefold())


def network(address: str) -> str:
    """What one subscriber has: an IPv4 address, or the 64 bits before an IPv6 host."""
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return address
    return address if version == 4 else str(ipaddress.ip_network(f"{address}/64", strict=False))
