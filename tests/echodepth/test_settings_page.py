import ast

import pytest

from echodepth.env import BASE_DIR, VARIABLES, read
from echodepth.settings_page import BEGIN, END, PAGE, page
from tests.support.tree import files, shown

MAY_READ = {"analysis/confined/supervise.py", "echodepth/env.py", "echodepth/wsgi.py", "manage.py"}
"""The reader itself, those that say which settings module to load, before there are settings, and who passes
variables that are none of ours on to a child."""

WORKSHOP = "analysis/training/"
"""No part of an installation: tools that draw faces, told by a developer where their sources lie."""


def reads(source):
    """Names read through `env.read`, and the word `environ` for each look into the process's variables."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "putenv"}:
            yield "environ"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "read":
            yield from (part.value for part in node.args if isinstance(part, ast.Constant))


def test_the_page_is_as_the_table_says():
    text = PAGE.read_text(encoding="utf-8")

    assert page(text) == text, "run manage.py write_settings_page"
    assert all(f"| `{variable.name}` |" in text for variable in VARIABLES)


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="no marks"):
        page("# Settings")
    assert "`ECHODEPTH_BIND`" in page(f"before {BEGIN} old {END} after")


def test_no_code_reads_a_variable_that_is_not_declared():
    known = {variable.name for variable in VARIABLES}
    found = {}
    for path in files("accounts/*.py", "analysis/*.py", "echodepth/*.py", "reports/*.py", "manage.py"):
        if shown(path) not in MAY_READ and not shown(path).startswith(WORKSHOP):
            found[shown(path)] = set(reads(path.read_text(encoding="utf-8"))) - known

    assert {name: what for name, what in found.items() if what} == {}
    assert len(found) > 20


def test_undeclared_reads_are_found():
    assert set(reads('os.environ["A"]\nread("C")')) == {"environ", "C"}
    assert set(reads('os.getenv("B")')) == {"environ"}
    with pytest.raises(KeyError):
        read("ECHODEPTH_" + "NOTHING")


def test_every_declared_variable_is_used():
    code = " ".join(path.read_text(encoding="utf-8") for path in files("echodepth/*.py"))

    assert [v.name for v in VARIABLES if code.count(f'"{v.name}"') < 2] == []
    assert BASE_DIR.is_dir()
