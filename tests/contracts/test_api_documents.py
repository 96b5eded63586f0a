"""docs/api.md against the code: its table of problems, its codes of refusal, its scopes."""

import re

import pytest

from accounts.enums import Scope
from analysis.engine.errors import EngineError
from echodepth.env import BASE_DIR
from echodepth.problems import PROBLEMS

PAGE = BASE_DIR / "docs" / "api.md"
CODE = re.compile(r'UserError\(\s*"(?P<code>\w+)"')
REACHED = (
    "accounts/domain/entry.py",
    "accounts/domain/projects.py",
    "analysis/domain/assignments.py",
    "analysis/domain/subjects.py",
    "analysis/domain/intake/admission.py",
    "analysis/domain/intake/finishing.py",
    "analysis/domain/intake/first_bytes.py",
    "analysis/domain/intake/incoming.py",
    "analysis/domain/intake/outages.py",
    "analysis/domain/work/runs.py",
    "analysis/domain/intake/usage.py",
    "echodepth/files.py",
    "reports/domain/reviews.py",
    "reports/domain/source.py",
)
"""Where what the API calls refuses. What is raised when a link is followed, or a report signed, is not."""
SIGNING = {"draft_changed", "report_not_ready", "report_signed"}
ELSEWHERE = {"link_expired", "too_large"} | SIGNING


def section(name):
    text = PAGE.read_text(encoding="utf-8")
    return text.partition(f"<!-- {name} -->")[2].partition(f"<!-- end of {name} -->")[0].strip()


def problems_table():
    rows = ["| code | status | what to do |", "|---|---|---|"]
    rows += [f"| `{one.code}` | {one.status} | {one.heading}. {one.sentence} |" for one in PROBLEMS]
    return "\n".join(rows)


def refusals():
    found = set()
    for name in REACHED:
        found |= {match["code"] for match in CODE.finditer((BASE_DIR / name).read_text(encoding="utf-8"))}
    return found - ELSEWHERE


def test_every_problem_is_listed_in_its_words():
    assert section("problems") == problems_table()


def test_every_code_that_an_operation_may_refuse_with_is_listed():
    assert set(re.findall(r"`(\w+)`", section("refusals"))) == refusals()
    assert len(refusals()) > 10


def test_every_scope_is_told():
    assert [scope for scope in Scope if f"| `{scope}` |" not in PAGE.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("kind", EngineError.__subclasses__())
def test_faults_of_files_are_told_by_the_command_line(kind):
    assert kind.code
    assert kind.code not in refusals()
