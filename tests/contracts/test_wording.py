"""The product describes displays; it never says that someone lied, told the truth or really felt a thing."""

import ast
import re

import pytest

from tests.support.tree import files, shown

BANNED = re.compile(
    r"""\b(?:
        lie | lies | lied | liars? | lying
      | decepti(?:on|ve)(?:ly)? | deceit(?:ful)? | deceiv(?:e|es|ed|ing)
      | truthful(?:ly|ness)? | untruthful(?:ly|ness)? | honest(?:ly|y)? | dishonest(?:ly|y)?
      | (?:genuine|real|true|fake|false|sincere|insincere)\s+(?:smiles?|emotions?|feelings?)
      | (?:really|truly|genuinely)\s+(?:feels?|felt|feeling)
      | lie\s*detect(?:or|ion|s)? | polygraphs?
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
ALLOWED = (
    "does not say whether someone lied, told the truth or felt something",
    "is not a lie detector",
    "Employee Polygraph Protection Act",
)
"""Sentences that say what the product does not claim, and a law's name: allowed there alone."""

FOR_READERS = ("*.html", "*.txt", "README.md", "CHANGELOG.md", "docs/*.md")
FOR_ENGINEERS = {
    "docs/architecture.md",
    "docs/dependencies.md",
    "docs/settings.md",
    "docs/testing.md",
    "docs/upgrade.md",
}
"""There a file may lie in a folder."""
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
LABELS = {"reports/labels.py", "analysis/messages.py"}
"""Of these every string is read by people, not only those that gettext is given."""


def banned(text):
    """The banned words of a text, after taking out the sentences that are allowed."""
    flat = " ".join(text.split())
    for sentence in ALLOWED:
        flat = re.sub(re.escape(sentence), "", flat, flags=re.IGNORECASE)
    return BANNED.findall(flat)


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""


def strings(node):
    return [
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def texts_for_people(source, *, every=False):
    """What Python code gives to gettext, or every string of it."""
    tree = ast.parse(source)
    if every:
        return strings(tree)
    calls = [node for node in ast.walk(tree) if called(node) in GETTEXT]
    return [text for call in calls for argument in call.args for text in strings(argument)]


def test_no_page_and_no_document_claims_more_than_a_display():
    pages = [path for path in files(*FOR_READERS) if shown(path) not in FOR_ENGINEERS]
    found = {shown(path): banned(path.read_text(encoding="utf-8")) for path in pages}

    assert {name: words for name, words in found.items() if words} == {}
    assert "README.md" in found


def test_no_label_or_message_claims_more_than_a_display():
    found = {}
    for path in files("accounts/*.py", "analysis/*.py", "echodepth/*.py", "reports/*.py"):
        texts = texts_for_people(path.read_text(encoding="utf-8"), every=shown(path) in LABELS)
        found[shown(path)] = [word for text in texts for word in banned(text)]

    assert {name: words for name, words in found.items() if words} == {}
    assert len(found) > 20


@pytest.mark.parametrize(
    "claim",
    [
        "The speaker lied.",
        "Deception detection for interviews",
        "a truthful answer",
        "a genuine\n  smile",
        "AU6 shows the real emotion",
        "what she really felt",
        "EchoDepth is a lie detector",
    ],
)
def test_a_claim_is_found(claim):
    assert banned(claim)
    assert banned(" ".join(texts_for_people(f"label = _({claim!r})")))


@pytest.mark.parametrize(
    "words", ["a Duchenne display", "the underlying data", "believed", "a true value", f"It {ALLOWED[0]}."]
)
def test_other_words_are_not(words):
    assert banned(words) == []


def test_code_may_say_where_a_file_lies():
    assert texts_for_people('"""Where the file lies."""\nname = "lies"') == []
    assert texts_for_people('name = "lies"', every=True) == ["lies"]
