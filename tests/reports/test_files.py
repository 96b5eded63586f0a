import pytest
from django.http import Http404

from analysis.enums import RunState
from echodepth.tenancy import tenant
from reports.domain.exports import KINDS
from reports.files import result_file
from tests.factories import OrganisationFactory


def test_a_result_is_found_in_its_own_organisation_alone(run):
    with tenant(run.organisation_id):
        assert result_file("parquet", run.pk).key == run.frames_key
        assert result_file("json", run.pk).key == run.result_key
        assert result_file("csv", run.pk).make
    with tenant(OrganisationFactory().pk):
        for kind in KINDS:
            with pytest.raises(Http404):
                result_file(kind, run.pk)


def test_a_run_without_a_result_has_no_file(run):
    with tenant(run.organisation_id):
        run.state = RunState.ANALYSING
        run.save()
        with pytest.raises(Http404):
            result_file("json", run.pk)
