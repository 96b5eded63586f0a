"""One direction of imports, as docs/architecture.md says it."""

import pytest

from echodepth.env import BASE_DIR
from tests.support.imports import PACKAGES, graph

PARTS = {
    "analysis.engine": (),
    "analysis.confined": ("analysis.engine",),
    "analysis.facemodels": ("analysis.engine",),
    "analysis.training": ("analysis.engine",),
    "echodepth": (),
    "accounts": ("echodepth",),
    "analysis": ("accounts", "analysis.confined", "analysis.engine", "analysis.facemodels", "echodepth"),
    "reports": ("accounts", "analysis", "analysis.engine", "analysis.facemodels", "echodepth"),
    # No part of the product at run time: it measures the model with the training's own tools.
    "reports.management.commands.evaluate": ("analysis", "analysis.engine", "analysis.training", "reports"),
}
"""Each part, and what of ours it may import besides itself; a longer name wins over a shorter."""

WITHOUT_DJANGO = ("analysis.confined", "analysis.engine", "analysis.facemodels", "analysis.training")
DJANGO = {"django", "django_q", "django_scopes", "allauth", "environ", "whitenoise"}
WITHOUT_NETWORK = ("analysis.confined", "analysis.engine")
NETWORK = {"socket", "ssl", "urllib", "http", "requests", "httpx", "ftplib", "smtplib"}

LAYERS = {
    "enums": 0,
    "validators": 0,
    "models": 1,
    "domain": 2,
    "tasks": 3,
    "forms": 3,
    "views": 4,
    "api": 4,
    "urls": 5,
    "templatetags": 5,
    "management": 5,
    "apps": 5,
}
"""Inside an app: a module may import its own layer and lower ones."""
APPS = ("accounts", "analysis", "reports")


def part_of(name):
    return max((part for part in PARTS if f"{name}.".startswith(f"{part}.")), key=len, default=None)


def layer_of(name):
    app, _, inside = name.partition(".")
    return LAYERS.get(inside.partition(".")[0]) if app in APPS else None


def parts_out_of_order(imports):
    for name, targets in imports.items():
        part = part_of(name)
        for target in targets:
            other = part_of(target)
            if other and other != part and other not in PARTS[part]:
                yield f"{name} imports {target}"


def foreign_libraries(imports):
    for name, targets in imports.items():
        banned = {"tests"}
        banned |= DJANGO if part_of(name) in WITHOUT_DJANGO else set()
        banned |= NETWORK if part_of(name) in WITHOUT_NETWORK else set()
        yield from (f"{name} imports {target}" for target in targets if target.split(".")[0] in banned)


def reached_in_app(name, imports):
    """Modules of the same app with a layer that `name` reaches, directly or through modules without one."""
    app, seen, waiting = name.split(".")[0], set(), [name]
    while waiting:
        for target in imports.get(waiting.pop(), ()):
            if target.split(".")[0] == app and target not in seen:
                seen.add(target)
                if layer_of(target) is None:
                    waiting.append(target)
    return {target for target in seen if layer_of(target) is not None}


def layers_out_of_order(imports):
    for name in imports:
        layer = layer_of(name)
        if layer is not None:
            higher = {target for target in reached_in_app(name, imports) if layer_of(target) > layer}
            yield from (f"{name} reaches up to {target}" for target in sorted(higher))


RULES = (parts_out_of_order, foreign_libraries, layers_out_of_order)


@pytest.mark.parametrize("rule", RULES)
def test_nothing_imports_against_the_order(rule):
    assert sorted(rule(graph(BASE_DIR))) == []


def test_every_package_is_looked_at():
    names = {name.split(".")[0] for name in graph(BASE_DIR)}

    assert names == set(PACKAGES)


BAD = {
    "a part": ("analysis/engine/probe.py", "from analysis.models import Run"),
    "the engine and Django": ("analysis/engine/probe.py", "import django.conf"),
    "the engine and the network": ("analysis/engine/probe.py", "from urllib.request import urlopen"),
    "the tests": ("accounts/domain/people.py", "from tests.support import postgres"),
    "inside a function": ("accounts/domain/people.py", "def f():\n    from reports import labels"),
    "infrastructure": ("echodepth/checks.py", "from accounts.models import User"),
    "a relative import": ("analysis/models/run.py", "from ..domain.work import execute"),
    "a layer": ("analysis/models/run.py", "from analysis.domain.work.execute import execute"),
    "a layer through another module": ("analysis/domain/work/runs.py", "from analysis.labels import NAMES"),
}


@pytest.mark.parametrize("case", BAD)
def test_the_rules_find(case, tmp_path):
    samples = {
        "analysis/domain/work/execute.py": "",
        "analysis/views.py": "",
        "analysis/labels.py": "from analysis import views",
        "analysis/models/__init__.py": "",
        "reports/labels.py": "from reports.domain import compose",
    }
    name, source = BAD[case]
    for path, text in (samples | {name: source}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    module = name.removesuffix(".py").replace("/", ".")

    found = [line for rule in RULES for line in rule(graph(tmp_path))]

    assert len(found) == 1
    assert found[0].startswith(module)
