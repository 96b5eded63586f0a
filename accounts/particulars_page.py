"""`docs/particulars.md`, written from the tables that decide what holds in a region."""

from collections.abc import Iterator
from datetime import date

from accounts.domain.lawful.particulars import Particulars, particulars
from echodepth.env import BASE_DIR

PAGE = BASE_DIR / "docs" / "particulars.md"
HEAD = """# Particulars of the European Union, the United Kingdom and Illinois

A project's declaration names a region, and that is the setting: with it come the rules below, the deadline
for people's requests, and in Illinois a limit to how long data are kept. What holds everywhere stands in
[lawful use](lawful-use.md). Everybody can read the same on an installation's page `/particulars/`. Both are
written from the tables that decide it (`manage.py write_particulars_page`). **It is no legal advice.**
Sources are named as they were read, on the day they were read; several are other people's accounts of a law,
so have them checked.
"""
OUR_OWN = "the product's own"


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join((HEAD, *(line for one in particulars() for line in _region(one)))) + "\n"


def _region(one: Particulars) -> Iterator[str]:
    yield f"## {one.label}\n"
    yield "| what follows | why | source |"
    yield "|---|---|---|"
    for rule in one.rules:
        links = ", ".join(_link(source.title, source.url, source.read_on) for source in rule.sources)
        yield f"| {', '.join(map(str, rule.follows))} | {rule.reason} | {links or OUR_OWN} |"
    for stated in one.stated:
        link = _link(stated.source, stated.url, stated.read_on)
        yield f"| Set by the region | {stated.sentence} | {link} |"
    yield ""


def _link(title: str, url: str, day: date) -> str:
    return f"[{title}]({url}), read on {day.day} {day:%B %Y}"
