import pytest

from analysis.domain import results
from analysis.domain.work.execute import execute
from echodepth.tenancy import tenant
from tests.analysis.domain.work.test_execute import good_engine
from tests.support.results import example_result


def test_a_result_is_read_as_it_was_found(acme):
    with tenant(acme.organisation.pk):
        run = acme.run()
        execute(run.pk, good_engine)
        run.refresh_from_db()

        assert results.load(run).frames_sha256 == example_result(60).frames_sha256


def test_a_result_that_is_gone_says_so(acme):
    run = acme.run(result_key=f"{acme.organisation.pk}/runs/gone/result.json")

    with pytest.raises(FileNotFoundError):
        results.load(run)


def test_a_result_that_was_erased_when_its_time_was_over_says_so(acme):
    with pytest.raises(FileNotFoundError):
        results.load(acme.run(result_key=""))
