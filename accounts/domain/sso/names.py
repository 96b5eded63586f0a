"""Mail domains: how they are written, and which are nobody's own."""

import ipaddress

import idna
from django.utils.translation import gettext_lazy as _

from echodepth.errors import UserError

_PUBLIC = """
126.com 163.com aol.com att.net comcast.net duck.com fastmail.com free.fr freenet.de gmail.com
gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.de
hotmail.fr hotmail.it hushmail.com icloud.com laposte.net libero.it live.com live.de mac.com
mail.com mail.de mail.ru mailbox.org me.com msn.com naver.com orange.fr outlook.com outlook.de pm.me
posteo.de proton.me protonmail.com qq.com rediffmail.com rocketmail.com t-online.de tutanota.com
verizon.net wanadoo.fr web.de yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.com
yandex.ru ymail.com zoho.com
"""
PUBLIC = frozenset(_PUBLIC.split())
"""Where anybody gets an address; a record in their DNS would prove nothing about who writes from there."""


def domain_name(text: str) -> str:
    """The domain in lower case and IDNA-encoded, as `Domain.name` holds it.

    Raises UserError `domain_malformed` or `domain_public`.
    """
    name = _encoded(text.strip().removeprefix("@").removesuffix(".").strip())
    if not name:
        sentence = _("This is no domain. Write the part of your addresses behind the @, such as example.org.")
        raise UserError("domain_malformed", sentence)
    if name in PUBLIC:
        sentence = _("Anybody can have an address at %(name)s, so it cannot be an organisation's own.")
        raise UserError("domain_public", sentence % {"name": name})
    return name


def domain_of(email: str) -> str:
    """The domain of an address in the same form; empty where there is none."""
    _local, at, domain = email.strip().rpartition("@")
    return _encoded(domain) if at else ""


def _encoded(text: str) -> str:
    """Empty for what is no domain of at least two labels, an IP address included."""
    try:
        name = idna.encode(text, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name if "." in name and len(name) <= 253 and not name.rpartition(".")[2].isdigit() else ""
    return ""
