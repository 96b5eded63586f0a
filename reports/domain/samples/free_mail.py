"""Addresses that anybody can have: they say nothing of a company."""

_TOLD = """
aol.com btinternet.com duck.com fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net
googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr icloud.com inbox.lv
laposte.net libero.it live.com live.co.uk mac.com mail.com mail.ru mailbox.org me.com msn.com
naver.com orange.fr outlook.com outlook.de outlook.fr pm.me posteo.de proton.me protonmail.com
qq.com rediffmail.com sky.com t-online.de tuta.com tutanota.com virgilio.it web.de yahoo.co.in
yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.com yandex.ru ymail.com zoho.com 126.com
163.com
"""
DOMAINS = frozenset(_TOLD.split())


def domain_of(email: str) -> str:
    """What stands behind the last @, in lower case; empty where there is none."""
    return email.rpartition("@")[2].lower() if "@" in email else ""


def is_free(email: str) -> bool:
    return domain_of(email) in DOMAINS
