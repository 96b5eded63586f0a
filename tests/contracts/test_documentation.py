"""What the documents name exists: files, commands, variables, headings."""

import os
import re

import pytest
from django.core.management import get_commands

from echodepth.env import BASE_DIR, VARIABLES
from tests.support.tree import files, shown

LINK = re.compile(r"(?<!`)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
SCRIPT = re.compile(r"(?<![\w/.])\./(?P<path>[\w./-]+)")
MANAGE = re.compile(r"manage\.py (?P<command>[a-z_]+)")
VARIABLE = re.compile(r"\bECHODEPTH_[A-Z_]+\b")
WRITTEN_LATER = {"var", ".models", ".venv"}
TEST_VARIABLES = {"ECHODEPTH_CI", "ECHODEPTH_TEST_SCOPE", "ECHODEPTH_RIG"}


def anchors(text):
    """The anchors that a Markdown text's headings make."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def leads_nowhere(target, text, folder):
    name, _, anchor = target.partition("#")
    if name and not (folder / name).exists():
        return True
    return bool(anchor) and anchor not in anchors(
        (folder / name).read_text(encoding="utf-8") if name else text
    )


def broken_links(text, folder):
    """Links within the repository that lead nowhere."""
    targets = LINK.findall(FENCE.sub("", text))
    inside = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    return [target for target in inside if leads_nowhere(target, text, folder)]


def missing_commands(text):
    code = "\n".join(CODE.findall(text))
    scripts = [match["path"] for match in SCRIPT.finditer(code)]
    scripts = [path for path in scripts if path.split("/")[0] not in WRITTEN_LATER]
    yield from (f"./{path}" for path in scripts if not os.access(BASE_DIR / path, os.X_OK))
    yield from (name for name in MANAGE.findall(code) if name not in get_commands())


def unknown_variables(text):
    known = {variable.name for variable in VARIABLES} | TEST_VARIABLES
    return set(VARIABLE.findall(text)) - known


CHECKS = {
    "links": lambda path, text: broken_links(text, path.parent),
    "commands": lambda _path, text: list(missing_commands(text)),
    "variables": lambda _path, text: sorted(unknown_variables(text)),
}
DOCUMENTS = tuple(files("*.md"))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("path", DOCUMENTS, ids=shown)
def test_what_a_document_names_exists(path, check):
    assert CHECKS[check](path, path.read_text(encoding="utf-8")) == []


def test_the_readme_shows_both_commands():
    text = (BASE_DIR / "README.md").read_text(encoding="utf-8")

    assert {"./run", "./test"} <= set(re.findall(r"^\./\w+", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("check", "text", "found"),
    [
        ("links", "See [there](docs/nowhere.md).", ["docs/nowhere.md"]),
        ("links", "# One thing\n[up](#one-thing) [down](#another)", ["#another"]),
        ("links", "![picture](nowhere.png)", ["nowhere.png"]),
        ("commands", "Type `./walk` or `./run`.", ["./walk"]),
        ("commands", "```\n$ python manage.py fly --high\n```", ["fly"]),
        ("variables", "Set ECHODEPTH_BIND and ECHODEPTH_NOTHING.", ["ECHODEPTH_NOTHING"]),
    ],
)
def test_what_is_missing_is_found(check, text, found, tmp_path):
    assert CHECKS[check](tmp_path / "README.md", text) == found
