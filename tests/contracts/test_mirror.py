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
    "tests/accounts/domain/consent/test_texts.py": ("templates",),
    "tests/analysis/confined/test_calls.py": ("child",),
    "tests/analysis/confined/test_confine.py": ("kernel", "landlock", "seccomp", "syscalls"),
    "tests/analysis/confined/test_supervise.py": ("errors",),
    "tests/analysis/domain/work/test_pieces.py": ("engine", "spools"),
    "tests/analysis/engine/test_analyse.py": ("pass1", "pass2"),
    "tests/analysis/engine/test_joining.py": ("boxes",),
    "tests/analysis/engine/test_probe.py": ("containers", "errors"),
    "tests/analysis/engine/test_result.py": ("finding_types", "result_types", "statement", "types"),
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
    "tests/reports/domain/samples/test_actions.py": ("mails", "states"),
    "tests/reports/domain/samples/test_converting.py": ("copying",),
    "tests/reports/domain/samples/test_desk.py": ("desk_texts",),
    "tests/reports/domain/samples/test_flags.py": ("free_mail",),
    "tests/reports/domain/site/test_faq.py": ("faq_texts",),
    "tests/reports/pdf/test_render.py": ("assemble", "body", "fonts", "furniture", "tags"),
}
"""Test -> the parts beside its source that are made for it: seen through what they do there."""

THROUGH = {
    "accounts/api/serializers.py": ("tests/accounts/api/test_projects.py", "fields, seen in answers"),
    "analysis/confined/__main__.py": ("tests/analysis/confined/test_calls.py", "run as a process"),
    "analysis/api/serializers.py": ("tests/analysis/api/test_recordings.py", "fields, seen in answers"),
    "reports/api/serializers.py": ("tests/reports/api/test_results.py", "fields, seen in answers"),
    "echodepth/api/serializers.py": ("tests/echodepth/api/test_exceptions.py", "fields, seen in refusals"),
    "echodepth/api/configuration.py": ("tests/echodepth/api/test_schema.py", "settings"),
    "accounts/announcements.py": (
        "tests/analysis/domain/test_demonstration.py",
        "a name, sent and received elsewhere",
    ),
    "accounts/account_urls.py": ("tests/accounts/test_sign_in.py", "addresses, every one of them opened"),
    "accounts/domain/sso/claims.py": ("tests/accounts/domain/sso/test_people.py", "four fields"),
    "accounts/models/shared_cache.py": ("tests/echodepth/test_limits.py", "a table that the cache uses"),
    "accounts/models/invitation.py": ("tests/accounts/domain/test_invitations.py", "fields, a constraint"),
    "accounts/audit_actions.py": ("tests/accounts/forms/test_audit.py", "names and their labels"),
    "accounts/domain/audit_check.py": ("tests/accounts/views/test_audit.py", "asked through the page"),
    "accounts/domain/audit_export.py": ("tests/accounts/views/test_audit.py", "read as it is downloaded"),
    "accounts/domain/audit_lines.py": ("tests/accounts/views/test_audit.py", "read on the page"),
    "accounts/domain/audit_search.py": ("tests/accounts/views/test_audit.py", "asked through the page"),
    "accounts/management/chosen.py": (
        "tests/accounts/management/commands/test_verify_audit.py",
        "an option of the commands",
    ),
    "accounts/models/organisation.py": ("tests/accounts/domain/test_members.py", "fields and constraints"),
    "accounts/models/sso.py": ("tests/accounts/domain/sso/test_domains.py", "fields and constraints"),
    "accounts/models/project.py": ("tests/accounts/domain/test_projects.py", "fields and constraints"),
    "analysis/domain/work/interrupt.py": ("tests/analysis/test_worker.py", "one flag, set by a signal"),
    "analysis/management/commands/cluster.py": (
        "tests/analysis/management/commands/test_worker.py",
        "one call, as a process",
    ),
    "analysis/domain/work/wakeups.py": ("tests/analysis/domain/work/test_runs.py", "one line into the queue"),
    "analysis/training/model/commands.py": (
        "tests/analysis/training/model/test_train.py",
        "one call after the other, each tested there",
    ),
    "analysis/models/media.py": ("tests/analysis/domain/intake/test_uploads.py", "fields"),
    "analysis/models/cohort.py": ("tests/analysis/domain/test_calibration.py", "fields and a constraint"),
    "accounts/consent_urls.py": ("tests/accounts/views/test_consent.py", "addresses"),
    "accounts/forms/consent.py": ("tests/accounts/views/test_consent.py", "fields, seen on the pages"),
    "accounts/models/declaration.py": ("tests/accounts/domain/lawful/test_declarations.py", "fields"),
    "accounts/models/consent.py": ("tests/accounts/domain/consent/test_consents.py", "fields"),
    "accounts/models/retention.py": ("tests/accounts/domain/retention/test_policies.py", "fields"),
    "accounts/erasers.py": ("tests/analysis/test_erasers.py", "steps, taken with those of the apps below"),
    "reports/erasers.py": ("tests/analysis/test_erasers.py", "one step, taken with the others of its run"),
    "accounts/domain/erasure/steps.py": ("tests/analysis/test_erasers.py", "steps that erasers put together"),
    "accounts/domain/erasure/things.py": ("tests/analysis/test_erasers.py", "called by every step"),
    "accounts/domain/erasure/readable.py": ("tests/accounts/views/test_erasures.py", "read as handed out"),
    "accounts/forms/erasure.py": ("tests/accounts/views/test_erasures.py", "two fields, sent to the page"),
    "accounts/erasure_urls.py": ("tests/accounts/views/test_erasures.py", "addresses, every one opened"),
    "accounts/templatetags/erasures.py": ("tests/accounts/views/test_erasures.py", "one call"),
    "accounts/tasks.py": ("tests/accounts/domain/erasure/test_erasures.py", "one call"),
    "analysis/domain/sight.py": ("tests/analysis/domain/test_erasure.py", "what lists and pages leave out"),
    "accounts/models/erasure.py": ("tests/accounts/domain/erasure/test_erasures.py", "fields"),
    "accounts/management/commands/write_particulars_page.py": (
        "tests/accounts/test_particulars_page.py",
        "writes what it holds",
    ),
    "accounts/domain/offboarding/connect.py": ("tests/accounts/views/test_offboarding.py", "announces"),
    "accounts/models/offboarding.py": ("tests/accounts/domain/offboarding/test_exports.py", "fields"),
    "accounts/personal.py": ("tests/contracts/test_personal_data.py", "a table"),
    "accounts/personal_installed.py": ("tests/contracts/test_personal_data.py", "a table"),
    "analysis/personal.py": ("tests/contracts/test_personal_data.py", "a table"),
    "reports/personal.py": ("tests/contracts/test_personal_data.py", "a table"),
    "echodepth/personal.py": ("tests/contracts/test_personal_data.py", "walked there, field by field"),
    "echodepth/personal_page.py": ("tests/contracts/test_personal_data.py", "compared with the page there"),
    "accounts/retention_urls.py": ("tests/accounts/views/test_retention.py", "addresses, opened"),
    "accounts/rights_urls.py": ("tests/accounts/views/test_rights.py", "addresses, every one of them opened"),
    "accounts/models/rights.py": ("tests/accounts/domain/rights/test_requests.py", "fields"),
    "accounts/domain/lawful/missing.py": ("tests/analysis/domain/test_gate.py", "three fields"),
    "accounts/domain/lawful/choices.py": ("tests/accounts/domain/lawful/test_table.py", "data"),
    "analysis/models/assignment.py": ("tests/analysis/domain/test_assignments.py", "fields"),
    "reports/models/review.py": ("tests/reports/domain/test_reviews.py", "fields"),
    "accounts/models/token.py": ("tests/accounts/domain/test_tokens.py", "fields"),
    "analysis/models/upload.py": ("tests/analysis/domain/intake/test_incoming.py", "fields"),
    "analysis/models/run.py": ("tests/analysis/domain/work/test_runs.py", "fields and constraints"),
    "analysis/models/subject_neutral.py": ("tests/analysis/domain/test_neutrals.py", "fields, a constraint"),
    "analysis/operations_urls.py": ("tests/analysis/views/test_operations.py", "two addresses"),
    "echodepth/request_id.py": ("tests/echodepth/test_middleware.py", "one context variable"),
    "reports/model_urls.py": ("tests/reports/views/test_model.py", "one address"),
    "reports/cohort_urls.py": ("tests/reports/views/test_cohorts.py", "one address"),
    "reports/site_urls.py": ("tests/reports/views/test_site_files.py", "addresses, every one opened"),
    "reports/site_translated_urls.py": ("tests/reports/views/test_site_files.py", "addresses, opened"),
    "analysis/receivers.py": (
        "tests/analysis/domain/test_demonstration.py",
        "making the demonstration sends it",
    ),
    "analysis/signals.py": ("tests/analysis/domain/work/test_runs.py", "a name, sent and received elsewhere"),
    "echodepth/errors.py": ("tests/echodepth/test_middleware.py", "an exception's fields"),
    "manage.py": ("tests/echodepth/test_env.py", "run as a process"),
    "reports/domain/frames.py": ("tests/reports/views/test_result.py", "read by the pages"),
    "reports/domain/local.py": ("tests/reports/management/commands/test_analyze.py", "the command's work"),
    "reports/desk_urls.py": ("tests/contracts/test_access.py", "addresses, every one of them opened"),
    "reports/models/sample.py": ("tests/reports/domain/samples/test_asking.py", "fields and constraints"),
    "reports/sample_asking_urls.py": ("tests/contracts/test_access.py", "addresses, opened"),
    "reports/sample_urls.py": ("tests/contracts/test_access.py", "two lists of addresses"),
    "reports/sample_visit_urls.py": ("tests/contracts/test_access.py", "addresses, opened"),
    "reports/models/report.py": ("tests/reports/domain/test_publish.py", "fields and constraints"),
    "reports/receivers.py": ("tests/reports/domain/test_publish.py", "a scored run sends it"),
    "reports/tasks.py": ("tests/reports/domain/test_publish.py", "one call"),
    "reports/templatetags/report_charts.py": ("tests/reports/views/test_result.py", "drawn on the page"),
}
"""Source -> the test that covers it, and why it has none of its own."""

ABOUT_MORE = {
    "tests/reports/test_nothing_left.py": "everything is searched for a person who was erased",
    "tests/accounts/test_sign_in.py": "allauth's pages as this product sets them up",
    "tests/analysis/confined/test_mutations.py": "hundreds of hostile files",
    "tests/analysis/engine/findings/test_documented.py": "docs/findings.md against the tables",
    "tests/analysis/engine/test_peer_faults.py": "what other systems get wrong, on clips and rendered films",
    "tests/analysis/engine/test_scoring_clips.py": "the engine on drawn faces",
    "tests/analysis/test_demonstration.py": "the demonstration recording through the whole engine",
    "tests/echodepth/storage/test_every_kind.py": "what holds of a folder, of moto and of Ceph",
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
    # A contract test may cover a source too; it mirrors none.
    there = {test for test in exceptions.values() if (BASE_DIR / test).is_file()}
    yield from (f"{t} is named and not there" for t in exceptions.values() if t not in tests | there)
    yield from (f"{t} has no source" for t in tests if t not in twins and t not in ABOUT_MORE)


def mirroring_tests():
    """Tests of sources: browser, shell scripts and contracts have folders of their own."""
    named = {shown(path) for path in files("tests/*.py") if path.name.startswith("test_")}
    elsewhere = ("tests/browser/", "tests/bin/", "tests/contracts/", "tests/drills/")
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
