"""Every source has a test of its own name, or stands here with the test that covers it and the reason."""

from functools import cache
from pathlib import PurePosixPath

import pytest

from echodepth.env import BASE_DIR
from tests.support.imports import graph, imported
from tests.support.tree import files, shown

SOURCES = ("accounts/*.py", "analysis/*.py", "echodepth/*.py", "reports/*.py", "manage.py")
WITHOUT_OWN_LOGIC = {"__init__.py", "apps.py", "urls.py", "enums.py", "wsgi.py"}
"""Declarations; whatever is wrong in them breaks the tests of what uses them."""

PARTS = {
    "tests/analysis/engine/test_analyse.py": ("pass1", "pass2"),
    "tests/analysis/engine/test_scoring.py": ("action_units",),
    "tests/analysis/engine/test_joining.py": ("boxes",),
    "tests/analysis/engine/test_probe.py": ("containers", "errors"),
    "tests/analysis/engine/test_result.py": ("finding_types", "result_types", "types"),
    "tests/analysis/engine/test_frame_table.py": ("series_store",),
    "tests/analysis/engine/findings/test_signals.py": ("bootstrap", "signal_table"),
    "tests/analysis/engine/findings/test_events.py": ("spans",),
    "tests/analysis/facemodels/test_convert.py": ("onnx_builder", "sparse", "tflite_graph"),
    "tests/analysis/facemodels/test_fetch.py": ("errors",),
    "tests/analysis/training/test_contact_sheet.py": ("__main__",),
    "tests/analysis/training/test_facekit.py": ("errors",),
    "tests/analysis/training/renderer/test_render.py": ("atlas", "layout", "native", "scene"),
    "tests/analysis/training/renderer/test_look.py": ("skin",),
    "tests/analysis/training/evaluation/test_page.py": ("tables",),
    "tests/analysis/training/evaluation/findings/test_recordings.py": ("truth",),
    "tests/analysis/training/evaluation/findings/test_report.py": ("chapters",),
    "tests/analysis/training/evaluation/test_real.py": ("exported",),
    "tests/analysis/training/generator/test_scenes.py": ("occluders",),
    "tests/analysis/training/generator/test_dataset.py": ("visibility",),
    "tests/analysis/training/model/test_train.py": ("export", "network", "predict"),
    "tests/reports/charts/test_strips.py": ("svg",),
    "tests/reports/domain/test_compose.py": ("report_data", "span"),
    "tests/reports/domain/test_publish.py": ("requests", "source"),
    "tests/reports/pdf/test_render.py": ("assemble", "body", "fonts", "furniture", "tags"),
}
"""Test -> the parts beside its source that are made for it: seen through what they do there."""

THROUGH = {
    "accounts/announcements.py": (
        "tests/analysis/domain/test_demonstration.py",
        "a name, sent and received elsewhere",
    ),
    "accounts/signals.py": ("tests/accounts/domain/test_invitations.py", "a link in a mail sends it"),
    "accounts/models/organisation.py": ("tests/accounts/domain/test_projects.py", "fields and constraints"),
    "analysis/domain/interrupt.py": ("tests/analysis/test_worker.py", "one flag, set by a signal"),
    "analysis/domain/wakeups.py": ("tests/analysis/domain/test_runs.py", "one line into the queue"),
    "analysis/training/model/commands.py": (
        "tests/analysis/training/model/test_train.py",
        "one call after the other, each tested there",
    ),
    "analysis/models/media.py": ("tests/analysis/domain/test_uploads.py", "fields"),
    "analysis/models/cohort.py": ("tests/analysis/domain/test_calibration.py", "fields and a constraint"),
    "analysis/models/run.py": ("tests/analysis/domain/test_runs.py", "fields and constraints"),
    "analysis/models/subject_neutral.py": ("tests/analysis/domain/test_neutrals.py", "fields, a constraint"),
    "reports/model_urls.py": ("tests/reports/views/test_model.py", "one address"),
    "reports/cohort_urls.py": ("tests/reports/views/test_cohorts.py", "one address"),
    "reports/question_urls.py": ("tests/reports/views/test_questions.py", "one address"),
    "analysis/receivers.py": (
        "tests/analysis/domain/test_demonstration.py",
        "making the demonstration sends it",
    ),
    "analysis/signals.py": ("tests/analysis/domain/test_runs.py", "a name, sent and received elsewhere"),
    "echodepth/errors.py": ("tests/echodepth/test_middleware.py", "an exception's fields"),
    "manage.py": ("tests/echodepth/test_env.py", "run as a process"),
    "reports/access.py": ("tests/reports/views/test_result.py", "asked through the pages"),
    "reports/domain/frames.py": ("tests/reports/views/test_result.py", "read by the pages"),
    "reports/domain/local.py": ("tests/reports/management/commands/test_analyze.py", "the command's work"),
    "reports/models/report.py": ("tests/reports/domain/test_publish.py", "fields and constraints"),
    "reports/receivers.py": ("tests/reports/domain/test_publish.py", "a scored run sends it"),
    "reports/tasks.py": ("tests/reports/domain/test_publish.py", "one call"),
    "reports/templatetags/report_charts.py": ("tests/reports/views/test_result.py", "drawn on the page"),
}
"""Source -> the test that covers it, and why it has none of its own."""

ABOUT_MORE = {
    "tests/accounts/test_doors.py": "every address of the site",
    "tests/accounts/test_sign_in.py": "allauth's pages as this product sets them up",
    "tests/analysis/engine/findings/test_documented.py": "docs/findings.md against the tables",
    "tests/analysis/engine/test_peer_faults.py": "what other systems get wrong, on clips and rendered films",
    "tests/analysis/engine/test_scoring_clips.py": "the engine on drawn faces",
    "tests/analysis/test_demonstration.py": "the demonstration recording through the whole engine",
    "tests/analysis/views/test_access.py": "every page of the app by every kind of person",
    "tests/echodepth/test_contrast.py": "the colours of the design system",
    "tests/reports/pdf/test_long_report.py": "a report of hundreds of pages",
}
"""Tests of more than one source, and what of."""


def twin_of(source):
    """Where the test of a source stands."""
    path = PurePosixPath(source)
    return str("tests" / path.parent / f"test_{path.stem.strip('_')}.py")


def excepted():
    """Source -> the test that covers it."""
    found = {source: test for source, (test, _reason) in THROUGH.items()}
    for test, names in PARTS.items():
        folder = PurePosixPath(test).parent.relative_to("tests")
        found |= {str(folder / f"{name}.py"): test for name in names}
    return found


def mirrored(sources):
    """The sources that need a test: not those without logic of their own, nor migrations."""
    paths = map(PurePosixPath, sources)
    return {
        str(path) for path in paths if path.name not in WITHOUT_OWN_LOGIC and "migrations" not in path.parts
    }


def wrong(sources, tests, exceptions):
    """What does not mirror, in words."""
    need = mirrored(sources)
    twins = {twin_of(source) for source in sources}
    yield from (f"{s} has no test" for s in need if twin_of(s) not in tests and s not in exceptions)
    yield from (f"{s} has a test and is excepted" for s in exceptions if twin_of(s) in tests)
    yield from (f"{s} is excepted and not there" for s in exceptions if s not in need)
    yield from (f"{t} is named and not there" for t in exceptions.values() if t not in tests)
    yield from (f"{t} has no source" for t in tests if t not in twins and t not in ABOUT_MORE)


def mirroring_tests():
    """Tests of sources: browser, shell scripts and contracts have folders of their own."""
    named = {shown(path) for path in files("tests/*.py") if path.name.startswith("test_")}
    elsewhere = ("tests/browser/", "tests/bin/", "tests/contracts/")
    return {name for name in named if not name.startswith(elsewhere) and "/migrations/" not in name}


def test_every_source_has_a_test_of_its_name_or_a_reason():
    sources = {shown(path) for path in files(*SOURCES)}

    assert sorted(wrong(sources, mirroring_tests(), excepted())) == []
    assert len(excepted()) < len(mirrored(sources)) / 3


@cache
def product():
    return graph(BASE_DIR)


def reached(test):
    """Modules of ours that a test and its folders' fixtures import, directly or through others."""
    imports, seen = product(), set()
    fixtures = [BASE_DIR / folder / "conftest.py" for folder in PurePosixPath(test).parents]
    read = [BASE_DIR / test, *(path for path in fixtures if path.is_file())]
    waiting = [name for path in read for name in imported(path, BASE_DIR)]
    while waiting:
        name = waiting.pop()
        while name not in imports and "." in name:
            name = name.rpartition(".")[0]
        if name in imports and name not in seen:
            seen.add(name)
            waiting.extend(imports[name])
    return seen


@pytest.mark.parametrize("test", PARTS)
def test_a_part_is_reached_from_the_test_that_is_named_for_it(test):
    folder = PurePosixPath(test).parent.relative_to("tests")
    parts = {str(folder / name).replace("/", ".") for name in PARTS[test]}

    assert parts - reached(test) == set()
    assert "reports.pdf.render" not in reached("tests/analysis/engine/test_probe.py")


def test_tests_of_more_than_one_source_are_there():
    assert set(ABOUT_MORE) - mirroring_tests() == set()


@pytest.mark.parametrize(
    ("sources", "tests", "exceptions", "said"),
    [
        ({"a/b.py"}, set(), {}, "a/b.py has no test"),
        (
            {"a/b.py"},
            {"tests/a/test_b.py"},
            {"a/b.py": "tests/a/test_b.py"},
            "a/b.py has a test and is excepted",
        ),
        (set(), {"tests/a/test_c.py"}, {}, "tests/a/test_c.py has no source"),
        ({"a/b.py"}, set(), {"a/b.py": "tests/a/test_c.py"}, "tests/a/test_c.py is named and not there"),
        (set(), set(), {"a/b.py": "tests/a/test_c.py"}, "a/b.py is excepted and not there"),
    ],
)
def test_what_does_not_mirror_is_found(sources, tests, exceptions, said):
    assert said in list(wrong(sources, tests, exceptions))


def test_a_main_module_and_what_needs_no_test():
    assert twin_of("analysis/facemodels/__main__.py") == "tests/analysis/facemodels/test_main.py"
    assert mirrored({"a/__init__.py", "a/urls.py", "a/migrations/0001_initial.py", "a/b.py"}) == {"a/b.py"}
