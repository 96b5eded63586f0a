"""Rules of the house that a linter does not know."""

import re
import tomllib

import pytest

from echodepth.env import BASE_DIR
from tests.support.tree import files, shown

LONGEST = 500
SOURCES = ("*.py", "*.html", "*.css", "*.js", "*.sh", "run", "test", "bin/*", ".ci/*")
HOSTS = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"), ("ubuntu", "com"))
REGISTRIES = re.compile("|".join(r"[a-z.]*\.".join(host) for host in HOSTS) + "|(index|find)-(url|links)[= ]")
"""Where packages come from is each machine's own affair. Put together here, to stay out of this file too."""
INLINE = {
    "an inline script": r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")",
    "an inline style": r"<style\b",
    "a style attribute": r"<[a-z][^>]*\sstyle\s*=",
    "an event attribute": r"<[a-z][^>]*\son[a-z]+\s*=",
    "a javascript address": r"(?:href|src|action)\s*=\s*[\"']?javascript:",
    "an address elsewhere": r"(?:src|<link[^>]*href)\s*=\s*[\"']?(?:https?:)?//",
}
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9.-]*)(?:\[[^\]]+\])?==(?P<version>[^\s;]+)", re.MULTILINE)
LOCKS = ("requirements.lock", "requirements-test.lock")


def too_long(text):
    return text.count("\n") > LONGEST


def addresses(text):
    """Why a lock is not pinned by name, version and hash alone."""
    entries = re.split(r"\n(?=\S)", text.strip())
    yield from (f"address in {entry[:60]!r}" for entry in entries if "://" in entry)
    yield from (f"no hash in {entry[:60]!r}" for entry in entries if "--hash=sha256:" not in entry)
    yield from (f"no version in {entry[:60]!r}" for entry in entries if not PIN.match(entry))


def inline(text):
    return [what for what, pattern in INLINE.items() if re.search(pattern, text, re.IGNORECASE)]


def test_no_file_is_longer_than_a_room_should_be():
    long = [shown(path) for path in files(*SOURCES) if too_long(path.read_text(encoding="utf-8"))]

    assert long == []
    assert too_long("x\n" * (LONGEST + 1))


@pytest.mark.parametrize("name", LOCKS)
def test_locks_pin_by_name_version_and_hash(name):
    assert list(addresses((BASE_DIR / name).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("six==1.16.0\n", "no hash"),
        ("six @ https://example.org/six.whl \\\n    --hash=sha256:00\n", "address"),
        ("six>=1 \\\n    --hash=sha256:00\n", "no version"),
    ],
)
def test_a_bad_lock_is_found(bad, why):
    assert any(line.startswith(why) for line in addresses(bad))


def test_the_test_lock_holds_all_of_the_lock():
    run, test = (set(PIN.findall((BASE_DIR / name).read_text(encoding="utf-8"))) for name in LOCKS)

    assert run
    assert run - test == set()


def named(requirement):
    """The package's name as locks write it."""
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", requirement).group()).lower()


def test_the_locks_pin_all_that_the_project_asks_for():
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = ({*project["dependencies"]}, {*project["optional-dependencies"]["test"]})
    pinned = [dict(PIN.findall((BASE_DIR / name).read_text(encoding="utf-8"))) for name in LOCKS]

    for wanted, lock in zip(asked, pinned, strict=True):
        assert {named(requirement) for requirement in wanted} - lock.keys() == set()
    assert named("Psycopg[binary]>=3") == "psycopg"


def test_no_committed_file_names_a_package_registry():
    looked_at = [
        path for path in files() if path.suffix in {"", ".py", ".md", ".toml", ".lock", ".sh", ".txt"}
    ]

    assert [shown(path) for path in looked_at if REGISTRIES.search(path.read_text(encoding="utf-8"))] == []
    assert all(REGISTRIES.search("https://" + ".".join(host)) for host in HOSTS)


def test_templates_hold_no_inline_script_or_style():
    found = {shown(path): inline(path.read_text(encoding="utf-8")) for path in files("*.html")}

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("what", "sample"),
    [
        ("an inline script", "<script>go()</script>"),
        ("an inline script", "<script defer>go()</script>"),
        ("an inline style", "<style>p {}</style>"),
        ("a style attribute", '<p class="a" style="color: red">'),
        ("an event attribute", '<a href="/" onclick="go()">'),
        ("a javascript address", "<a href='javascript:go()'>"),
        ("an address elsewhere", '<script src="https://example.org/a.js"></script>'),
        ("an address elsewhere", '<link rel="stylesheet" href="//example.org/a.css">'),
    ],
)
def test_inline_code_is_found(what, sample):
    assert inline(sample) == [what]


def test_what_is_allowed_is_not_found():
    allowed = """<script src="{% static 'a.js' %}" defer></script><link rel="stylesheet" href="/static/a.css">
    <script type="application/json" id="data">{}</script><a href="https://example.org">on top</a>"""

    assert inline(allowed) == []
